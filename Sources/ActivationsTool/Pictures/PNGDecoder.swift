import CPNG
import Tensor

/// Decodes PNG with libpng.
enum PNGDecoder {
  static let libraryVersion = String(cString: png_get_libpng_ver(nil))

  /// - Parameter bytes: a file that begins with PNG's signature.
  static func picture(_ bytes: [UInt8], file: String) throws(FileError) -> Picture {
    let chunks = try PNGChunks(bytes, name: file)
    var pixels: [UInt8] = []
    // libpng keeps the address from one call to the next.
    let address = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    address.initialize(to: png_image())
    address.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
    defer {
      png_image_free(address)
      address.deallocate()
    }
    let isDecoded = chunks.bytes.withUnsafeBytes { bytes in
      guard png_image_begin_read_from_memory(address, bytes.baseAddress, bytes.count) != 0,
        Int(address.pointee.height) == chunks.height, Int(address.pointee.width) == chunks.width
      else { return false }
      // Without alpha in the result, libpng would blend colours with a background.
      address.pointee.format =
        png_uint_32(PNG_FORMAT_FLAG_COLOR) | address.pointee.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA)
      // Without it, values of 16 bits would be taken for linear ones and brightened.
      address.pointee.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      pixels = [UInt8](repeating: 0, count: (hasAlpha(address.pointee) ? 4 : 3) * chunks.height * chunks.width)
      return png_image_finish_read(address, nil, &pixels, 0, nil) != 0
    }
    guard isDecoded else {
      let message = withUnsafeBytes(of: address.pointee.message) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw FileError(
        file: file, expected: "a PNG picture that can be decoded", found: "an error: \(message.onOneLine)")
    }
    return Picture(height: chunks.height, width: chunks.width, pixels: pixels, hasAlpha: hasAlpha(address.pointee))
  }

  private static func hasAlpha(_ image: png_image) -> Bool { image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0 }
}
