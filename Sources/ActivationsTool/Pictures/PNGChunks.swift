/// The chunks of a PNG file that determine its pixels.
///
/// Others are texts, or say how a picture is to be shown, such as its gamma and colour profile, which Keras's loaders
/// ignore as well.
struct PNGChunks {
  let height: Int
  let width: Int
  /// A PNG file of these chunks.
  private(set) var bytes: [UInt8]
  /// A byte of deflated data stands for at most this number of bytes.
  private static let expansion = 1032

  /// - Parameter file: the bytes of a file that begins with PNG's signature.
  init(_ file: [UInt8], name: String) throws(FileError) {
    var place = 8
    bytes = Array(file.prefix(place))
    guard let header = Self.header(file) else {
      throw FileError(file: name, expected: "a PNG picture with a header", found: "none")
    }
    (height, width) = (header.height, header.width)
    try Picture.requireSize(
      height, width, bytes: file.count, expansion: 8 * Self.expansion / header.bitsPerPixel, file: name)
    var type = ""
    repeat {
      // Length, type, data and checksum.
      guard file.count - place >= 12, Self.number(file, place) <= file.count - place - 12 else {
        throw FileError(
          file: name, expected: "a complete PNG picture", found: "one that is cut short after \(file.count) bytes")
      }
      let end = place + 12 + Self.number(file, place)
      type = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      // Types of critical chunks begin with a capital letter.
      if file[place + 4] & 0x20 == 0 || type == "tRNS" { bytes += file[place..<end] }
      place = end
    } while type != "IEND"
  }

  /// `nil` unless the first chunk is a header of a kind that PNG has.
  private static func header(_ file: [UInt8]) -> (height: Int, width: Int, bitsPerPixel: Int)? {
    guard file.count >= 33, file[8..<16].elementsEqual([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]),
      let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][file[25]], [1, 2, 4, 8, 16].contains(file[24])
    else { return nil }
    return (number(file, 20), number(file, 16), channels * Int(file[24]))
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> Int {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
