/// A part of an object's header: a shape, a type, an attribute, a link.
struct HDF5Message {
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case earlyFillValue = 0x04
    case fillValue = 0x05
    case link = 0x06
    case externalFiles = 0x07
    case layout = 0x08
    case groupInfo = 0x0A
    case filters = 0x0B
    case attribute = 0x0C
    case continuation = 0x10
    case symbolTable = 0x11
    case attributeInfo = 0x15
  }

  let kind: Kind
  let body: Range<Int>
}

extension HDF5Structures {
  /// The messages of an object's header that this reader knows, including those shared with other objects.
  /// - Parameter isShared: whether the header is read for messages that others share; messages that it shares itself
  ///   are omitted.
  mutating func messages(at address: Int, isShared: Bool = false) throws(ModelFileError) -> [HDF5Message] {
    let isLater = bytes.has("OHDR", at: address)
    var messages: [HDF5Message] = []
    let first = isLater ? try laterBlock(at: address) : try firstBlock(at: address)
    try claim(address..<first.messages.upperBound, "an object", isShared: isShared)
    var blocks = [first]
    while let block = blocks.popLast() {
      var cursor = HDF5Cursor(bytes, block.messages, "an object's header")
      while cursor.remaining.count >= block.prefix.width {
        let number = try cursor.integer(isLater ? 1 : 2)
        let length = try cursor.integer(2)
        let flags = try cursor.integer(1)
        try cursor.skip(block.prefix.width - (isLater ? 4 : 5))
        var body = try cursor.take(length)
        guard let kind = HDF5Message.Kind(rawValue: number) else { continue }
        if kind == .continuation {
          blocks.append(try continuation(body, block.prefix, isShared))
          continue
        }
        if flags & 2 != 0 {
          if isShared { continue }
          body = try sharedMessage(body, kind)
        }
        messages.append(HDF5Message(kind: kind, body: body))
      }
    }
    return messages
  }

  /// The fields before each message.
  private struct Prefix {
    let isLater: Bool
    let width: Int
  }

  private struct Block {
    let messages: Range<Int>
    let prefix: Prefix
  }

  private func firstBlock(at address: Int) throws(ModelFileError) -> Block {
    var cursor = try bytes.cursor(at: address, 16, "an object's header")
    try cursor.require(1...1, "version")
    try cursor.skip(7)
    let size = try cursor.integer(4)
    let messages = try bytes.range(address + 16, size, "an object's header")
    return Block(messages: messages, prefix: Prefix(isLater: false, width: 8))
  }

  private func laterBlock(at address: Int) throws(ModelFileError) -> Block {
    var cursor = try bytes.cursor(at: address, after: "OHDR", "an object's header")
    try cursor.require(2...2, "version")
    let flags = try cursor.integer(1)
    // Times of access and change; when attributes move out of the header.
    try cursor.skip((flags & 0x20 == 0 ? 0 : 16) + (flags & 0x10 == 0 ? 0 : 4))
    let size = try cursor.integer(1 << (flags & 3))
    let messages = try cursor.take(size)
    try cursor.requireChecksum(since: address)
    return Block(messages: messages, prefix: Prefix(isLater: true, width: flags & 4 == 0 ? 4 : 6))
  }

  private mutating func continuation(_ body: Range<Int>, _ prefix: Prefix, _ isShared: Bool) throws(ModelFileError)
    -> Block
  {
    var cursor = HDF5Cursor(bytes, body, "an object's header")
    let address = try cursor.address(of: "the rest of a header")
    let range = try bytes.range(address, try cursor.length(), "the rest of a header")
    try claim(range, "the rest of a header", isShared: isShared)
    guard prefix.isLater else { return Block(messages: range, prefix: prefix) }
    var rest = try bytes.cursor(at: address, after: "OCHK", "the rest of a header")
    let messages = try rest.take(range.count - 8)
    try rest.requireChecksum(since: address)
    return Block(messages: messages, prefix: prefix)
  }

  /// The message of another object that this one refers to.
  mutating func sharedMessage(_ body: Range<Int>, _ kind: HDF5Message.Kind) throws(ModelFileError) -> Range<Int> {
    guard kind == .datatype else {
      throw bytes.error(
        "byte \(body.lowerBound)", .unsupported, expected: "types as what objects share", found: "other messages")
    }
    var cursor = HDF5Cursor(bytes, body, "a shared message")
    let version = try cursor.require(1...3, "version")
    let place = try cursor.integer(1)
    guard version < 3 || place == 2 else {
      throw bytes.error(
        "byte \(body.lowerBound)", .unsupported, expected: "messages in objects", found: "one in a heap for all objects"
      )
    }
    if version == 1 { try cursor.skip(6) }
    let owner = try cursor.address(of: "a shared message")
    if let type = sharedTypes[owner] { return type }
    guard let type = try messages(at: owner, isShared: true).last(where: { $0.kind == .datatype }) else {
      throw bytes.error("byte \(owner)", expected: "an object with the type that others share", found: "none")
    }
    sharedTypes[owner] = type.body
    return type.body
  }
}
