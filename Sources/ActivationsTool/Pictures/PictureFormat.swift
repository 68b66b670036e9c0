import Foundation

/// The formats of pictures that are read.
enum PictureFormat {
  case png, jpeg

  private static let extensions: Set = ["png", "jpg", "jpeg"]
  private static let signatures: [(bytes: [UInt8], format: Self)] = [
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png), ([0xFF, 0xD8, 0xFF], .jpeg),
  ]
  /// The number of bytes that tell a format.
  static let signatureLength = 12

  /// - Parameter beginning: the first bytes of a file.
  init?(of beginning: [UInt8]) {
    guard let format = Self.signatures.first(where: { beginning.starts(with: $0.bytes) })?.format else { return nil }
    self = format
  }

  static func isNamed(by path: String) -> Bool {
    extensions.contains(URL(filePath: path).pathExtension.lowercased())
  }

  /// What a file is that is no picture, for its error.
  static func description(ofOther beginning: [UInt8]) -> String {
    if beginning.isEmpty { return "an empty file" }
    let others: [(name: String, text: String, place: Int)] = [
      ("a GIF", "GIF8", 0), ("a WebP", "WEBP", 8), ("a BMP", "BM", 0), ("a TIFF", "II*", 0), ("a TIFF", "MM\0*", 0),
      ("a HEIF or AVIF", "ftyp", 4), (".npy data", "\u{93}NUMPY", 0),
    ]
    let name = others.first { other in
      beginning.dropFirst(other.place).starts(with: other.text.unicodeScalars.map { UInt8($0.value) })
    }?.name
    let bytes = beginning.prefix(8).map { String(format: "%02x", $0) }.joined(separator: " ")
    return name ?? "a file that begins with the bytes \(bytes)"
  }
}
