import CPNG
import Tensor

/// Decodes PNG with libpng.
enum PNGDecoder {
  static let libraryVersion = String(cString: png_get_libpng_ver(nil))

  /// - Parameter bytes: a file that begins with PNG's signature.
  static func picture(_ bytes: [UInt8], file: String) throws(FileError) -> Picture {
    let chunks = try PNGChunks(bytes, name: file)
    var pixels: [UInt8] = []
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    let isDecoded = chunks.bytes.withUnsafeBytes { bytes in
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0,
        Int(image.height) == chunks.height, Int(image.width) == chunks.width
      else { return false }
      // Without alpha in the result, libpng would blend colours with a background.
      image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA)
      // Without it, values of 16 bits would be taken for linear ones and brightened.
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      pixels = [UInt8](repeating: 0, count: (hasAlpha(image) ? 4 : 3) * chunks.height * chunks.width)
      return png_image_finish_read(&image, nil, &pixels, 0, nil) != 0
    }
    guard isDecoded else {
      let message = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw FileError(
        file: file, expected: "a PNG picture that can be decoded", found: "an error: \(message.onOneLine)")
    }
    return Picture(height: chunks.height, width: chunks.width, pixels: pixels, hasAlpha: hasAlpha(image))
  }

  private static func hasAlpha(_ image: png_image) -> Bool { image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0 }
}
