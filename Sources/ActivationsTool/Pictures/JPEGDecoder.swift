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
    if status != 0 { throw failure(handle, file) }
    // Tables without a picture are JPEG as well.
    guard width > 0 else {
      throw FileError(
        file: file, expected: "a complete JPEG picture", found: "\(bytes.count) bytes in which none begins")
    }
    try Picture.requireSize(Int(height), Int(width), bytes: bytes.count, expansion: expansion, file: file)
    let isCMYK = [TJCS_CMYK, TJCS_YCCK].contains { CInt($0.rawValue) == colorspace }
    var pixels = [UInt8](repeating: 0, count: 4 * Int(height) * Int(width))
    let decoded = tjDecompress2(
      handle, bytes, UInt(bytes.count), &pixels, width, 0, height, CInt((isCMYK ? TJPF_CMYK : TJPF_RGBA).rawValue),
      TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
    if decoded != 0 && !isHarmless(handle) { throw failure(handle, file) }
    if isCMYK { convertToRGBA(&pixels) }
    return Picture(height: Int(height), width: Int(width), pixels: pixels)
  }

  private static func failure(_ handle: tjhandle, _ file: String) -> FileError {
    FileError(
      file: file, expected: "a JPEG picture that can be decoded", found: "an error: \(message(handle).onOneLine)")
  }

  /// Whether all of the picture is there: between its parts, some cameras write bytes that belong to none.
  private static func isHarmless(_ handle: tjhandle) -> Bool {
    tjGetErrorCode(handle) == CInt(TJERR_WARNING.rawValue) && message(handle).contains("extraneous bytes before marker")
  }

  private static func message(_ handle: tjhandle) -> String { String(cString: tjGetErrorStr2(handle)) }

  /// Converts inks, which JPEG stores inverted, as light that they leave, in the way of Pillow.
  private static func convertToRGBA(_ pixels: inout [UInt8]) {
    for place in stride(from: 0, to: pixels.count, by: 4) {
      let light = UInt32(pixels[place + 3])
      for channel in place..<place + 3 {
        let product = UInt32(255 - pixels[channel]) * light + 128
        pixels[channel] = UInt8(light - (product >> 8 + product) >> 8)
      }
      pixels[place + 3] = 255
    }
  }
}
