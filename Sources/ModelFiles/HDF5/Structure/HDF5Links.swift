/// The target of a name in a group.
struct HDF5Link {
  enum Target {
    /// The address of an object's header.
    case object(Int)
    /// A link that is not followed, with its kind.
    case refused(String)
  }

  let name: String
  let target: Target

  /// - Parameter name: the name; an object whose name is not UTF-8 is not read.
  init(_ name: ArraySlice<UInt8>, _ target: Target, _ bytes: HDF5Bytes) throws(ModelFileError) {
    let text = String(validating: name, as: UTF8.self)
    self.name = text ?? name.escaped
    self.target = text == nil ? .refused("a name that is not UTF-8") : target
    guard !name.isEmpty, !name.contains(UInt8(ascii: "/")), name != [UInt8(ascii: ".")] else {
      throw bytes.error(
        "byte \(name.startIndex - bytes.userBlockSize)", expected: "names of at least one character without /",
        found: "\"\(self.name)\"")
    }
  }
}

extension HDF5Structures {
  /// The links of a group, in the order of the bytes of their names; `nil` if the messages are not those of a group.
  mutating func links(_ messages: [HDF5Message]) throws(ModelFileError) -> [HDF5Link]? {
    var links: [HDF5Link] = []
    var isGroup = false
    for message in messages {
      switch message.kind {
      case .symbolTable: links += try symbolTable(message.body)
      case .link: links.append(try link(message.body))
      case .linkInfo: for body in try denseLinks(message.body) { links.append(try link(body)) }
      case .groupInfo: break
      default: continue
      }
      isGroup = true
    }
    guard isGroup else { return nil }
    return links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func link(_ body: Range<Int>) throws(ModelFileError) -> HDF5Link {
    try spend(body)
    var cursor = HDF5Cursor(bytes, body, "a link")
    try cursor.require(1...1, "version")
    let flags = try cursor.integer(1)
    let kind = flags & 8 != 0 ? try cursor.integer(1) : 0
    // The creation order, and the character set.
    try cursor.skip((flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0))
    let length = try cursor.integer(1 << (flags & 3))
    let name = try cursor.take(length)
    let target: HDF5Link.Target =
      switch kind {
      case 0: .object(try cursor.address(of: "an object"))
      case 1: .refused("a soft link")
      case 64: .refused("a link to another file")
      default: .refused("a link of the kind \(kind)")
      }
    return try HDF5Link(bytes[name], target, bytes)
  }

  // MARK: The first layout: a tree of lists of names, and a heap of texts

  private mutating func symbolTable(_ body: Range<Int>) throws(ModelFileError) -> [HDF5Link] {
    var cursor = HDF5Cursor(bytes, body, "a group")
    let tree = try cursor.address(of: "a group's tree")
    let names = try localHeap(at: try cursor.address(of: "a group's heap"))
    var links: [HDF5Link] = []
    var nameBytes = 0
    for leaf in try leaves(ofTreeAt: tree) {
      var cursor = try bytes.cursor(at: leaf, after: "SNOD", "a list of names")
      try cursor.require(1...1, "version")
      try cursor.skip(1)
      let count = try cursor.integer(2)
      let entries = try cursor.take(count * (bytes.lengthWidth + bytes.addressWidth + 24))
      try claim(leaf..<entries.upperBound, "a list of names")
      cursor = HDF5Cursor(bytes, entries, "a list of names")
      for _ in 0..<count {
        let place = cursor
        let start = try cursor.length()
        guard start < names.count, let end = bytes[names.lowerBound + start..<names.upperBound].firstIndex(of: 0) else {
          throw place.error(expected: "names that end before \(names.count)", found: "one at \(start)")
        }
        let name = bytes[names.lowerBound + start..<end - bytes.userBlockSize]
        // Each name is in the heap once.
        nameBytes += name.count
        guard nameBytes <= names.count else {
          throw bytes.error(
            "byte \(leaf)", .limit, expected: "names of at most \(names.count) bytes in all", found: "more")
        }
        let address = try cursor.address()
        let kind = try cursor.integer(4)
        try cursor.skip(20)
        let target: HDF5Link.Target
        if kind == 2 {
          target = .refused("a soft link")
        } else if let address {
          target = .object(address)
        } else {
          throw place.error(expected: "the address of an object", found: "none")
        }
        links.append(try HDF5Link(name, target, bytes))
      }
    }
    return links
  }

  /// The addresses of the lists of names below a tree, in order.
  private mutating func leaves(ofTreeAt root: Int) throws(ModelFileError) -> [Int] {
    var leaves: [Int] = []
    try visitTree(at: root, kind: 0, keyWidth: bytes.lengthWidth, "a group's tree") { _, leaf in leaves.append(leaf) }
    return leaves
  }

  /// The bytes of a group's names.
  private mutating func localHeap(at address: Int) throws(ModelFileError) -> Range<Int> {
    var cursor = try bytes.cursor(at: address, after: "HEAP", "a heap of names")
    try cursor.require(0...0, "version")
    try cursor.skip(3)
    let size = try cursor.length()
    try cursor.skip(bytes.lengthWidth)
    let start = try cursor.address(of: "a heap's names")
    try claim(address..<cursor.offset, "a heap of names")
    let names = try bytes.range(start, size, "a heap's names")
    if !names.isEmpty { try claim(names, "a heap's names") }
    return names
  }
}
