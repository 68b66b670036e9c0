import CTurboJPEG
import Tensor

/// Decodes JPEG, also progressive, with libjpeg-turbo.
enum JPEGDecoder {
  /// A byte stands for at most this number of pixels: a block of 64 values has a bit at least, and a channel at most 16
  /// pixels for each value.
  private static let expansion = 8 * 64 * 16

  /// - Parameter bytes: a file that begins with JPEG's signature.
  static func picture(_ bytes: [UInt8], file: String) throws(FileError) -> Picture {
    guard let handle = tjInitDecompress() else {
      throw FileError(file: file, expected: "memory to decode a JPEG picture", found: "none")
    }
    defer { tjDestroy(handle) }
    var (width, height, subsampling, colorspace): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
    let status = tjDecompressHeader3(
      handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colorspace)
    if status != 0 && !isHarmless(handle, bytes) { throw failure(handle, file) }
    // Tables without a picture are JPEG as well.
    guard width > 0 else {
      throw FileError(
        file: file, expected: "a complete JPEG picture", found: "\(bytes.count) bytes in which none begins")
    }
    try Picture.requireSize(Int(height), Int(width), bytes: bytes.count, expansion: expansion, file: file)
    let isCMYK = [TJCS_CMYK, TJCS_YCCK].contains { CInt($0.rawValue) == colorspace }
    let format = isCMYK ? TJPF_CMYK : TJPF_RGB
    var pixels = [UInt8](repeating: 0, count: (isCMYK ? 4 : 3) * Int(height) * Int(width))
    let decoded = tjDecompress2(
      handle, bytes, UInt(bytes.count), &pixels, width, 0, height, CInt(format.rawValue),
      TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
    if decoded != 0 && !isHarmless(handle, bytes) { throw failure(handle, file) }
    return Picture(
      height: Int(height), width: Int(width), pixels: isCMYK ? colours(ofInks: pixels) : pixels, hasAlpha: false)
  }

  private static func failure(_ handle: tjhandle, _ file: String) -> FileError {
    FileError(
      file: file, expected: "a JPEG picture that can be decoded", found: "an error: \(message(handle).onOneLine)")
  }

  /// Whether all of the picture is there: between its parts, some cameras write bytes that belong to none. The library tells the
  /// first of its warnings alone, so the end of the picture must be found behind its last part.
  private static func isHarmless(_ handle: tjhandle, _ bytes: [UInt8]) -> Bool {
    guard tjGetErrorCode(handle) == CInt(TJERR_WARNING.rawValue),
      message(handle).contains("extraneous bytes before marker"), let end = bytes.lastMarker(0xD9),
      let lastPart = bytes.lastMarker(0xDA)
    else { return false }
    return end > lastPart
  }

  private static func message(_ handle: tjhandle) -> String { String(cString: tjGetErrorStr2(handle)) }

  /// The light that inks leave, in the way of Pillow. JPEG stores inks inverted.
  private static func colours(ofInks inks: [UInt8]) -> [UInt8] {
    var colours: [UInt8] = []
    colours.reserveCapacity(inks.count / 4 * 3)
    for place in stride(from: 0, to: inks.count, by: 4) {
      let light = UInt32(inks[place + 3])
      for ink in inks[place..<place + 3] {
        let product = UInt32(255 - ink) * light + 128
        colours.append(UInt8(light - (product >> 8 + product) >> 8))
      }
    }
    return colours
  }
}

extension [UInt8] {
  /// The place of the last marker of JPEG of this kind.
  fileprivate func lastMarker(_ kind: UInt8) -> Int? {
    indices.dropLast().last { self[$0] == 0xFF && self[$0 + 1] == kind }
  }
}
