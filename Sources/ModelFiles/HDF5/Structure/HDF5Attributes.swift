extension HDF5Structures {
  /// The attributes of an object.
  mutating func attributes(
    _ messages: [HDF5Message]
  ) throws(ModelFileError) -> [String: HDF5Attribute] {
    var result: [String: HDF5Attribute] = [:]
    for message in messages {
      switch message.kind {
      case .attribute:
        let (name, value) = try attribute(message.body)
        result[name] = value
      case .attributeInfo:
        for body in try denseAttributes(message.body) {
          let (name, value) = try attribute(body)
          result[name] = value
        }
      default: break
      }
    }
    return result
  }

  private mutating func attribute(
    _ body: Range<Int>
  ) throws(ModelFileError) -> (name: String, value: HDF5Attribute) {
    try spend(body)
    var cursor = HDF5Cursor(bytes, body, "an attribute")
    let version = try cursor.require(1...3, "version")
    let flags = try cursor.integer(1)
    let sizes = (name: try cursor.integer(2), type: try cursor.integer(2), space: try cursor.integer(2))
    if version == 3 { try cursor.skip(1) }
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    let name = bytes[try cursor.take(padded(sizes.name)).prefix(sizes.name)].prefix { $0 != 0 }
    var type = try cursor.take(padded(sizes.type))
    var space = try cursor.take(padded(sizes.space))
    if version > 1 && flags & 1 != 0 { type = try sharedMessage(type, .datatype) }
    if version > 1 && flags & 2 != 0 { space = try sharedMessage(space, .dataspace) }
    let text = String(validating: name, as: UTF8.self) ?? name.escaped
    return (text, try value(try HDF5Datatype(type, bytes), try HDF5Dataspace(space, bytes), cursor))
  }

  private mutating func value(
    _ type: HDF5Datatype, _ space: HDF5Dataspace, _ data: HDF5Cursor
  ) throws(ModelFileError) -> HDF5Attribute {
    guard let size = HDF5Bytes.size([space.count], type.size), size <= data.remaining.count else {
      throw bytes.error(
        "byte \(data.offset)", expected: "\(space.count) elements of \(type.size) bytes",
        found: "\(data.remaining.count) bytes")
    }
    guard let kind = type.text, space.count > 0 else { return .other(type: type.name, count: space.count) }
    var texts: [String] = []
    texts.reserveCapacity(space.count)
    for index in 0..<space.count {
      let start = data.offset + index * type.size
      let element = start..<start + type.size
      var range = element
      if kind == .variable {
        range = try variableElement(element)
        try spend(range)
      }
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
}
