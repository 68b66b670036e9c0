import Layers
import Tensor

extension Picture {
  /// Reads a PNG or JPEG file, which its first bytes tell from others.
  /// - Throws: ``FileError``, or `NumPyFileError` if the file cannot be read.
  init(contentsOf path: String) throws {
    let source = try FileSource(path: path)
    let beginning = try source.prefix(PictureFormat.signatureLength)
    guard let format = PictureFormat(of: beginning) else {
      throw FileError(
        file: path, expected: "a PNG or JPEG picture", found: PictureFormat.description(ofOther: beginning))
    }
    // More than the largest picture has without compression.
    let limit = 8 * Self.maximumPixels
    guard source.byteCount <= limit else {
      throw FileError(file: path, expected: "at most \(grouped(limit)) bytes", found: grouped(source.byteCount))
    }
    let bytes = try source.prefix(source.byteCount)
    self =
      switch format {
      case .png: try PNGDecoder.picture(bytes, file: path)
      case .jpeg: try JPEGDecoder.picture(bytes, file: path)
      }
  }
}

extension FileSource {
  /// The first bytes, or all if there are fewer.
  func prefix(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(count, byteCount))
    try bytes.withUnsafeMutableBytes { try read(into: $0, at: 0) }
    return bytes
  }
}
