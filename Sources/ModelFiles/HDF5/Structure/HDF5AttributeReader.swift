/// Reads the attributes of an object.
struct HDF5AttributeReader {
  /// How much text is left to be read: each text stands in the file once.
  private var allowance: Int

  init(_ bytes: HDF5Bytes) { allowance = bytes.count }

  mutating func attributes(
    _ messages: [HDF5Message], _ structures: inout HDF5Structures
  ) throws(ModelFileError) -> [String: HDF5Attribute] {
    var result: [String: HDF5Attribute] = [:]
    for message in messages {
      switch message.kind {
      case .attribute:
        let (name, value) = try attribute(message.body, &structures)
        result[name] = value
      case .attributeInfo:
        for body in try structures.denseAttributes(message.body) {
          let (name, value) = try attribute(body, &structures)
          result[name] = value
        }
      default: break
      }
    }
    return result
  }

  private mutating func attribute(
    _ body: Range<Int>, _ structures: inout HDF5Structures
  ) throws(ModelFileError) -> (name: String, value: HDF5Attribute) {
    let bytes = structures.bytes
    var cursor = HDF5Cursor(bytes, body, "an attribute")
    let version = try cursor.require(1...3, "version")
    let flags = try cursor.integer(1)
    let sizes = (name: try cursor.integer(2), type: try cursor.integer(2), space: try cursor.integer(2))
    if version == 3 { try cursor.skip(1) }
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    let name = try spend(cursor.take(padded(sizes.name)).prefix(sizes.name), bytes)
    var type = try cursor.take(padded(sizes.type))
    var space = try cursor.take(padded(sizes.space))
    if version > 1 && flags & 1 != 0 { type = try structures.sharedMessage(type, .datatype) }
    if version > 1 && flags & 2 != 0 { space = try structures.sharedMessage(space, .dataspace) }
    guard let text = String(validating: bytes[name].prefix { $0 != 0 }, as: UTF8.self) else {
      throw bytes.error("byte \(name.lowerBound)", expected: "an attribute's name in UTF-8", found: "other bytes")
    }
    return (text, try value(try HDF5Datatype(type, bytes), try HDF5Dataspace(space, bytes), cursor, &structures))
  }

  private mutating func value(
    _ type: HDF5Datatype, _ space: HDF5Dataspace, _ data: HDF5Cursor, _ structures: inout HDF5Structures
  ) throws(ModelFileError) -> HDF5Attribute {
    let bytes = structures.bytes
    guard let size = HDF5Bytes.size([space.count], type.size), size <= data.remaining.count else {
      throw bytes.error(
        "byte \(data.offset)", expected: "\(space.count) elements of \(type.size) bytes",
        found: "\(data.remaining.count) bytes")
    }
    guard let kind = type.text, space.count > 0 else { return .other(type: type.name, count: space.count) }
    var texts: [String] = []
    for index in 0..<space.count {
      let start = data.offset + index * type.size
      let element = start..<start + type.size
      let range = try spend(kind == .variable ? try structures.variableElement(element) : element, bytes)
      var text = bytes[range].prefix { $0 != 0 }
      if kind == .fixed(isPaddedWithSpaces: true) {
        while text.last == UInt8(ascii: " ") { text.removeLast() }
      }
      guard let text = String(validating: text, as: UTF8.self) else {
        return .other(type: "text that is not UTF-8", count: space.count)
      }
      texts.append(text)
    }
    return space.isScalar ? .text(texts[0]) : .texts(texts)
  }

  private mutating func spend(_ range: Range<Int>, _ bytes: HDF5Bytes) throws(ModelFileError) -> Range<Int> {
    allowance -= range.count
    guard allowance >= 0 else {
      throw bytes.error(
        "byte \(range.lowerBound)", .limit, expected: "texts of at most \(bytes.count) bytes in all", found: "more")
    }
    return range
  }
}
