// The headers of objects: what a group, a dataset or an attribute is.

/// What the messages of one header say.
private struct HDF5Messages {
  var group: (tree: Int, heap: Int)?
  var elementSize: Int?
  var lengths: [Int]?
  var elementCount: Int?
  var layout: Layout?
  var filters: [Int] = []
  /// Links are kept as later versions do it.
  var hasLaterLinks = false

  enum Layout {
    case compact(size: Int)
    case contiguous(address: Int?, size: Int)
    case chunked(tree: Int?, chunk: [Int])
  }
}

extension HDF5Structure {
  /// Checks an object and all that it holds. Objects of later layouts, whose headers have checksums, are left to the library.
  mutating func checkObject(
    at address: Int, path: String, cached: (tree: Int?, heap: Int?)?, depth: Int = 0
  ) throws(ModelFileError) {
    try visit(address, "an object")
    if bytes.has("OHDR", at: address) { return passOver() }
    let place = path.isEmpty ? "/" : path
    let messages = try messages(at: address, place: place)
    if let group = messages.group {
      if let cached, cached.tree != group.tree || cached.heap != group.heap {
        throw bytes.error(place, expected: "one tree and one heap", found: "others in the group above")
      }
      guard messages.layout == nil else {
        throw bytes.error(place, expected: "a group or a dataset", found: "both")
      }
      try checkGroup(tree: group.tree, heap: group.heap, path: path, depth: depth)
    } else if messages.layout != nil {
      try checkDataset(messages, place: place)
    } else if messages.hasLaterLinks {
      throw bytes.error(
        .unsupported, place, expected: "a group of HDF5's first layout", found: "one of the later layout")
    }
  }

  private mutating func messages(at address: Int, place: String) throws(ModelFileError) -> HDF5Messages {
    let version = try bytes.integer(address, 1, "the version of a header")
    guard version == 1 else {
      throw bytes.error(place, expected: "an object's header of version 1 at byte \(address)", found: "\(version)")
    }
    let count = try bytes.integer(address + 2, 2, "the number of messages")
    let size = try bytes.integer(address + 8, 4, "the size of a header")
    var result = HDF5Messages()
    var blocks = [(start: address + 16, size: size)]
    var met = 0
    while let block = blocks.popLast() {
      try bytes.require(block.start, block.size, "a header")
      let end = block.start + block.size
      var offset = block.start
      while offset < end {
        guard end - offset >= 8 else {
          throw bytes.error(
            place, expected: "messages that fill their header", found: "\(end - offset) bytes left over")
        }
        let kind = try bytes.integer(offset, 2, "the kind of a message")
        let length = try bytes.integer(offset + 2, 2, "the size of a message")
        let flags = try bytes.integer(offset + 4, 1, "the flags of a message")
        let body = offset + 8
        guard length <= end - body, length % 8 == 0 else {
          throw bytes.error(
            place, expected: "a message of at most \(end - body) bytes at byte \(offset)", found: "\(length)")
        }
        met += 1
        guard met <= count else {
          throw bytes.error(place, expected: "a header of \(count) messages", found: "more")
        }
        if kind == 0x10 {
          guard let start = try bytes.address(body, "the rest of a header") else {
            throw bytes.error(place, expected: "the address of the rest of a header", found: "none")
          }
          try visit(start, "the rest of a header")
          blocks.append((start, try bytes.integer(body + 8, 8, "the size of a header")))
        } else if kind != 0 {
          guard flags & 2 == 0 else {
            throw bytes.error(
              .unsupported, place, expected: "messages in their own header", found: "one shared with other objects")
          }
          try check(kind, body..<body + length, &result, place: place)
        }
        offset = body + length
      }
    }
    return result
  }

  private mutating func check(
    _ kind: Int, _ body: Range<Int>, _ result: inout HDF5Messages, place: String
  ) throws(ModelFileError) {
    switch kind {
    case 0x01:
      try requireFirst(result.elementCount == nil, "dataspace", place)
      let space = try dataspace(body, place: place)
      (result.lengths, result.elementCount) = (space.lengths, space.count)
    case 0x03:
      try requireFirst(result.elementSize == nil, "type", place)
      result.elementSize = try datatype(body, place: place).size
    case 0x04, 0x05:
      try checkFillValue(kind, body, place: place)
    // Beside what a group's links are like, they may stand in the header itself.
    case 0x02, 0x0A: result.hasLaterLinks = true
    case 0x06:
      result.hasLaterLinks = true
      try checkLink(body, place: place)
    case 0x07:
      throw bytes.error(.limit, place, expected: "elements in this file", found: "elements in other files")
    case 0x08:
      try requireFirst(result.layout == nil, "layout", place)
      result.layout = try layout(body, place: place)
    case 0x0B:
      result.filters = try filters(body, place: place)
    case 0x0C:
      try checkAttribute(body, place: place)
    case 0x11:
      try requireFirst(result.group == nil, "tree of names", place)
      guard let tree = try bytes.address(body.lowerBound, "a group's tree"),
        let heap = try bytes.address(body.lowerBound + 8, "a group's heap")
      else { throw bytes.error(place, expected: "the addresses of a group's tree and heap", found: "none") }
      result.group = (tree, heap)
    // A comment, and times of change.
    case 0x0D: _ = try bytes.name(body.lowerBound, before: body.upperBound, "a comment")
    case 0x0E, 0x12: break
    default:
      throw bytes.error(
        .unsupported, place, expected: "an object of HDF5's first layout", found: "a message of the kind \(kind)")
    }
  }

  private func requireFirst(_ isFirst: Bool, _ what: String, _ place: String) throws(ModelFileError) {
    guard isFirst else { throw bytes.error(place, expected: "one \(what)", found: "two") }
  }

  /// Reads inside a message.
  func field(_ body: Range<Int>, _ offset: Int, _ width: Int, _ place: String) throws(ModelFileError) -> Int {
    guard offset >= 0, offset <= body.count - width else {
      throw bytes.error(place, expected: "a message of at least \(offset + width) bytes", found: "\(body.count)")
    }
    return try bytes.integer(body.lowerBound + offset, width, "a field of a message")
  }

  // MARK: Messages

  private func checkLink(_ body: Range<Int>, place: String) throws(ModelFileError) {
    let hasKind = try field(body, 1, 1, place) & 8 != 0
    switch hasKind ? try field(body, 2, 1, place) : 0 {
    case 0: break
    case 1: throw bytes.error(.limit, place, expected: "hard links only", found: "a soft link")
    case 64: throw bytes.error(.limit, place, expected: "hard links only", found: "a link to another file")
    case let kind: throw bytes.error(.limit, place, expected: "hard links only", found: "a link of the kind \(kind)")
    }
  }

  struct Dataspace {
    let size: Int
    let lengths: [Int]
    let count: Int
  }

  func dataspace(_ body: Range<Int>, place: String) throws(ModelFileError) -> Dataspace {
    let version = try field(body, 0, 1, place)
    let rank = try field(body, 1, 1, place)
    let flags = try field(body, 2, 1, place)
    let kind = version == 1 ? 1 : try field(body, 3, 1, place)
    guard version == 1 || version == 2, rank <= 32, flags <= 1, kind <= 2 else {
      throw bytes.error(
        place, expected: "a dataspace of version 1 or 2 and at most 32 axes",
        found: "one of version \(version) with \(rank) axes")
    }
    let start = version == 1 ? 8 : 4
    var lengths: [Int] = []
    var count = kind == 2 ? 0 : 1
    for axis in 0..<rank {
      let length = try field(body, start + 8 * axis, 8, place)
      if flags & 1 != 0 {
        let most = try bytes.bits(body.lowerBound + start + 8 * (rank + axis), 8, "a length")
        guard most >= UInt64(length) else {
          throw bytes.error(place, expected: "a length of at most \(most)", found: "\(length)")
        }
      }
      lengths.append(length)
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw bytes.error(.limit, place, expected: "lengths whose product fits", found: "\(lengths)")
      }
      count = product
    }
    let size = start + 8 * rank * (flags & 1 == 0 ? 1 : 2)
    guard size <= body.count else {
      throw bytes.error(place, expected: "a dataspace of \(size) bytes", found: "\(body.count)")
    }
    return Dataspace(size: size, lengths: lengths, count: count)
  }

  private func checkFillValue(_ kind: Int, _ body: Range<Int>, place: String) throws(ModelFileError) {
    if kind == 0x04 {
      let size = try field(body, 0, 4, place)
      guard size <= body.count - 4 else {
        throw bytes.error(place, expected: "a fill value of at most \(body.count - 4) bytes", found: "\(size)")
      }
      return
    }
    let version = try field(body, 0, 1, place)
    switch version {
    case 1, 2:
      let isDefined = try field(body, 3, 1, place)
      if version == 2 && isDefined == 0 { return }
      let size = Int(Int32(truncatingIfNeeded: try field(body, 4, 4, place)))
      guard size <= body.count - 8, size >= -1 else {
        throw bytes.error(place, expected: "a fill value of at most \(body.count - 8) bytes", found: "\(size)")
      }
    case 3:
      guard try field(body, 1, 1, place) & 0x20 != 0 else { return }
      let size = try field(body, 2, 4, place)
      guard size <= body.count - 6 else {
        throw bytes.error(place, expected: "a fill value of at most \(body.count - 6) bytes", found: "\(size)")
      }
    default:
      throw bytes.error(place, expected: "a fill value of version 1 to 3", found: "\(version)")
    }
  }

  private func layout(_ body: Range<Int>, place: String) throws(ModelFileError) -> HDF5Messages.Layout {
    let version = try field(body, 0, 1, place)
    let kind = try field(body, 1, 1, place)
    if version == 4 && kind == 3 {
      throw bytes.error(.limit, place, expected: "elements in this file", found: "a virtual dataset")
    }
    guard version == 3 else {
      throw bytes.error(.unsupported, place, expected: "a layout of version 3", found: "\(version)")
    }
    switch kind {
    case 0:
      let size = try field(body, 2, 2, place)
      guard size <= body.count - 4 else {
        throw bytes.error(place, expected: "at most \(body.count - 4) bytes of elements", found: "\(size)")
      }
      return .compact(size: size)
    case 1:
      _ = try field(body, 10, 8, place)
      return .contiguous(
        address: try bytes.address(body.lowerBound + 2, "elements"), size: try field(body, 10, 8, place))
    case 2:
      let rank = try field(body, 2, 1, place)
      guard rank > 1, rank <= 33 else {
        throw bytes.error(place, expected: "chunks of 1 to 32 axes", found: "\(rank - 1)")
      }
      var chunk: [Int] = []
      for axis in 0..<rank { chunk.append(try field(body, 11 + 4 * axis, 4, place)) }
      return .chunked(tree: try bytes.address(body.lowerBound + 3, "chunks"), chunk: chunk)
    default:
      throw bytes.error(.limit, place, expected: "elements in this file", found: "a layout of the kind \(kind)")
    }
  }

  private func filters(_ body: Range<Int>, place: String) throws(ModelFileError) -> [Int] {
    let version = try field(body, 0, 1, place)
    let count = try field(body, 1, 1, place)
    guard version == 1 || version == 2, count <= 32 else {
      throw bytes.error(place, expected: "at most 32 filters of version 1 or 2", found: "\(count) of \(version)")
    }
    var result: [Int] = []
    var offset = version == 1 ? 8 : 2
    for _ in 0..<count {
      let filter = try field(body, offset, 2, place)
      result.append(filter)
      let hasName = version == 1 || filter >= 256
      var name = hasName ? try field(body, offset + 2, 2, place) : 0
      if version == 1 { name = (name + 7) / 8 * 8 }
      let values = try field(body, offset + (hasName ? 6 : 4), 2, place)
      offset += (hasName ? 8 : 6) + name + 4 * (version == 1 ? (values + 1) / 2 * 2 : values)
      guard offset <= body.count else {
        throw bytes.error(place, expected: "filters inside their message", found: "\(offset) of \(body.count) bytes")
      }
    }
    return result
  }

  private mutating func checkAttribute(_ body: Range<Int>, place: String) throws(ModelFileError) {
    let version = try field(body, 0, 1, place)
    let flags = version == 1 ? 0 : try field(body, 1, 1, place)
    guard (1...3).contains(version), flags == 0 else {
      throw bytes.error(
        .unsupported, place, expected: "an attribute of version 1 to 3 with a type of its own",
        found: "one of version \(version) with the flags \(flags)")
    }
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    let nameSize = try field(body, 2, 2, place)
    let typeSize = try field(body, 4, 2, place)
    let spaceSize = try field(body, 6, 2, place)
    let name = version == 3 ? 9 : 8
    let type = name + padded(nameSize)
    let space = type + padded(typeSize)
    let data = space + padded(spaceSize)
    guard data <= body.count else {
      throw bytes.error(place, expected: "an attribute inside its message", found: "\(data) of \(body.count) bytes")
    }
    func part(_ start: Int, _ size: Int) -> Range<Int> {
      body.lowerBound + start..<body.lowerBound + start + size
    }
    let text = try bytes.name(body.lowerBound + name, before: body.lowerBound + name + nameSize, "an attribute's name")
    let place = "\(place), attribute \(text)"
    let datatype = try datatype(part(type, typeSize), place: place)
    let count = try dataspace(part(space, spaceSize), place: place).count
    let (size, overflow) = count.multipliedReportingOverflow(by: datatype.size)
    guard !overflow, size <= body.count - data else {
      throw bytes.error(
        place, expected: "at most \(body.count - data) bytes", found: "\(count) elements of \(datatype.size) bytes")
    }
    if let element = datatype.variableElementSize {
      for index in 0..<count {
        try checkVariable(at: body.lowerBound + data + 16 * index, elementSize: element, place: place)
      }
    }
  }

  // MARK: Datasets

  private mutating func checkDataset(_ messages: HDF5Messages, place: String) throws(ModelFileError) {
    guard let elementSize = messages.elementSize, let elementCount = messages.elementCount, let layout = messages.layout
    else { throw bytes.error(place, expected: "a dataset with a type and a shape", found: "one without") }
    let (size, overflow) = elementCount.multipliedReportingOverflow(by: elementSize)
    guard !overflow else {
      throw bytes.error(.limit, place, expected: "a size in bytes that fits", found: "\(elementCount) elements")
    }
    switch layout {
    case .compact(let stored):
      guard stored == size else {
        throw bytes.error(place, expected: "\(size) bytes of elements", found: "\(stored)")
      }
    case .contiguous(let address, let stored):
      if let address {
        try bytes.require(address, stored, "elements")
        guard stored >= size else {
          throw bytes.error(place, expected: "\(size) bytes of elements", found: "\(stored)")
        }
      }
    case .chunked(let tree, let chunk):
      guard chunk.count == messages.lengths!.count + 1 else {
        throw bytes.error(
          place, expected: "chunks of \(messages.lengths!.count) axes", found: "\(chunk.count - 1)")
      }
      try checkChunks(tree: tree, chunk: chunk, elementSize: elementSize, filters: messages.filters, place: place)
    }
  }
}
