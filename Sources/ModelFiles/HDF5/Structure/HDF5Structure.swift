/// Follows everything that a file of HDF5's first layout (superblock 0 or 1, which h5py and Keras write) points to, before the
/// library does: addresses and sizes inside the file, counts, depths, no cycles, no links elsewhere.
///
/// Files and objects of later layouts carry checksums on their structures; but for virtual datasets they are left to the library.
/// - Complexity: O(*m*) for *m* bytes of structure; elements of datasets are not read.
/// - Source: HDF5 File Format Specification, version 3.0.
struct HDF5Structure {
  var bytes: HDF5Bytes
  /// Where B-trees, headers and heaps begin: none belongs to two parents.
  private var visited: Set<Int> = []
  /// The global heaps that have been looked at, and the sizes of their objects.
  var globalHeaps: [Int: [Int: Int]] = [:]
  /// What the texts of all attributes take.
  var textBytes = 0
  private var leafCount = 0
  private var branchCount = 0
  var chunkBranchCount = 32
  /// The root's header, where the file is of the first layout.
  private(set) var rootHeader: Int?

  static let depthLimit = 64
  /// \x89HDF\r\n\x1A\n
  static let signature: UInt64 = 0x0A1A_0A0D_4644_4889

  init(_ bytes: HDF5Bytes) { self.bytes = bytes }

  /// Whether everything has been followed: nothing is of a later layout.
  private(set) var isComplete = true

  mutating func passOver() { isComplete = false }

  /// Throws where the library is not to open the file.
  mutating func check() throws(ModelFileError) {
    guard try bytes.bits(0, 8, "HDF5's signature") == Self.signature else {
      throw bytes.error("byte 0", expected: "HDF5's signature", found: "other bytes")
    }
    let version = try bytes.integer(8, 1, "the superblock's version")
    switch version {
    case 0, 1: try checkFirstLayout(version)
    case 2, 3: try checkLaterLayout()
    default: throw bytes.error(.unsupported, "byte 8", expected: "a superblock of version 0 to 3", found: "\(version)")
    }
    if !isComplete { try checkLaterHeaders() }
  }

  private mutating func checkFirstLayout(_ version: Int) throws(ModelFileError) {
    for (offset, what) in [(13, "offsets"), (14, "lengths")] {
      let size = try bytes.integer(offset, 1, "the size of \(what)")
      guard size == 8 else {
        throw bytes.error(.unsupported, "byte \(offset)", expected: "\(what) of 8 bytes", found: "\(size)")
      }
    }
    leafCount = 2 * (try bytes.integer(16, 2, "the size of leaves"))
    branchCount = 2 * (try bytes.integer(18, 2, "the size of branches"))
    var offset = 24
    if version == 1 {
      chunkBranchCount = try bytes.integer(24, 2, "the size of chunk trees")
      offset = 28
    }
    guard leafCount > 0, branchCount > 0, chunkBranchCount > 0 else {
      throw bytes.error("byte 16", expected: "trees whose nodes have entries", found: "none")
    }
    try checkExtent(base: offset, end: offset + 16, driver: offset + 24)
    let entry = try self.entry(at: offset + 32)
    guard let header = entry.header else {
      throw bytes.error("byte \(offset + 40)", expected: "the root group", found: "none")
    }
    rootHeader = header
    try checkObject(at: header, path: "", cached: entry.cached)
  }

  private mutating func checkLaterLayout() throws(ModelFileError) {
    passOver()
    for (offset, what) in [(9, "offsets"), (10, "lengths")] {
      let size = try bytes.integer(offset, 1, "the size of \(what)")
      guard size == 8 else {
        throw bytes.error(.unsupported, "byte \(offset)", expected: "\(what) of 8 bytes", found: "\(size)")
      }
    }
    try checkExtent(base: 12, end: 28, driver: nil)
    _ = try bytes.address(36, "the root group")
  }

  private mutating func checkExtent(base: Int, end: Int, driver: Int?) throws(ModelFileError) {
    let first = try bytes.integer(base, 8, "the base address")
    guard first == bytes.userBlockSize else {
      throw bytes.error(
        .unsupported, "byte \(base)", expected: "the base address \(bytes.userBlockSize), where HDF5 begins",
        found: "\(first)")
    }
    let size = try bytes.integer(end, 8, "the file's size")
    guard size >= first, size - first <= bytes.count else {
      throw bytes.error(
        "byte \(end)", expected: "a file of \(size) bytes", found: "\(first + bytes.count) bytes: it is cut off")
    }
    bytes.end(at: size - first)
    if let driver, try bytes.address(driver, "driver information") != nil {
      throw bytes.error(
        .unsupported, "byte \(driver)", expected: "one file for everything", found: "a driver for several")
    }
  }

  /// Throws where a structure has been met before.
  mutating func visit(_ address: Int, _ what: String) throws(ModelFileError) {
    guard visited.insert(address).inserted else {
      throw bytes.error(
        .limit, "byte \(address)", expected: "\(what) with one parent", found: "a second link to it, or a cycle")
    }
  }

  // MARK: Groups

  struct Entry {
    /// Where the name stands in the group's heap.
    let name: Int
    let header: Int?
    /// The tree and the heap of a group, as the entry repeats them.
    let cached: (tree: Int?, heap: Int?)?
  }

  private func entry(at offset: Int) throws(ModelFileError) -> Entry {
    try bytes.require(offset, 40, "an entry of a group")
    let kind = try bytes.integer(offset + 16, 4, "the kind of an entry")
    switch kind {
    case 0, 1:
      let header = try bytes.address(offset + 8, "an object")
      let cached =
        kind == 0
        ? nil : (try bytes.address(offset + 24, "a group's tree"), try bytes.address(offset + 32, "a group's heap"))
      return Entry(name: try bytes.integer(offset, 8, "a name's place"), header: header, cached: cached)
    case 2:
      throw bytes.error(.limit, "byte \(offset)", expected: "hard links only", found: "a soft link")
    default:
      throw bytes.error("byte \(offset + 16)", expected: "an entry of the kind 0 to 2", found: "\(kind)")
    }
  }

  /// A group's tree of names.
  mutating func checkGroup(tree: Int, heap: Int, path: String, depth: Int) throws(ModelFileError) {
    guard depth < Self.depthLimit else {
      throw bytes.error(.limit, path, expected: "at most \(Self.depthLimit) groups within groups", found: "more")
    }
    let names = try localHeap(at: heap)
    try checkBranch(at: tree, level: nil, names: names, path: path, depth: depth)
  }

  private mutating func checkBranch(
    at address: Int, level expected: Int?, names: Range<Int>, path: String, depth: Int
  ) throws(ModelFileError) {
    try visit(address, "a group's tree")
    try bytes.requireSignature("TREE", at: address, "a group's tree")
    try bytes.require(address, 24 + 8 * (2 * branchCount + 1), "a group's tree")
    let kind = try bytes.integer(address + 4, 1, "the kind of a tree")
    let level = try bytes.integer(address + 5, 1, "the level of a tree")
    let count = try bytes.integer(address + 6, 2, "the number of entries")
    guard kind == 0, level < 16, expected == nil || level == expected, count <= branchCount else {
      throw bytes.error(
        "byte \(address)", expected: "a tree of names with at most \(branchCount) entries",
        found: "one of the kind \(kind) and the level \(level) with \(count)")
    }
    for sibling in [8, 16] { _ = try bytes.address(address + sibling, "a tree's neighbour") }
    for index in 0...count {
      let name = try bytes.integer(address + 24 + 16 * index, 8, "a name's place")
      guard name < names.count else {
        throw bytes.error("byte \(address)", expected: "names before \(names.count)", found: "one at \(name)")
      }
    }
    for index in 0..<count {
      guard let child = try bytes.address(address + 32 + 16 * index, "a part of a tree") else {
        throw bytes.error("byte \(address)", expected: "an address for each entry", found: "none")
      }
      if level > 0 {
        try checkBranch(at: child, level: level - 1, names: names, path: path, depth: depth)
      } else {
        try checkLeaf(at: child, names: names, path: path, depth: depth)
      }
    }
  }

  private mutating func checkLeaf(
    at address: Int, names: Range<Int>, path: String, depth: Int
  ) throws(ModelFileError) {
    try visit(address, "a list of names")
    try bytes.requireSignature("SNOD", at: address, "a list of names")
    try bytes.require(address, 8 + 40 * leafCount, "a list of names")
    let version = try bytes.integer(address + 4, 1, "the version of a list")
    let count = try bytes.integer(address + 6, 2, "the number of names")
    guard version == 1, count <= leafCount else {
      throw bytes.error(
        "byte \(address)", expected: "a list of version 1 with at most \(leafCount) names",
        found: "one of version \(version) with \(count)")
    }
    for index in 0..<count {
      let entry = try entry(at: address + 8 + 40 * index)
      guard entry.name < names.count else {
        throw bytes.error("byte \(address)", expected: "names before \(names.count)", found: "one at \(entry.name)")
      }
      let name = try bytes.name(names.lowerBound + entry.name, before: names.upperBound, "a name")
      guard !name.isEmpty, !name.contains("/"), name != "." else {
        throw bytes.error(path, expected: "names of at least one character without /", found: "\"\(name)\"")
      }
      guard let header = entry.header else {
        throw bytes.error("\(path)/\(name)", expected: "the address of an object", found: "none")
      }
      try checkObject(at: header, path: "\(path)/\(name)", cached: entry.cached, depth: depth + 1)
    }
  }

  /// Where the names of a group stand.
  private mutating func localHeap(at address: Int) throws(ModelFileError) -> Range<Int> {
    try visit(address, "a heap of names")
    try bytes.requireSignature("HEAP", at: address, "a heap of names")
    let version = try bytes.integer(address + 4, 1, "the version of a heap")
    let size = try bytes.integer(address + 8, 8, "the size of a heap")
    guard version == 0, let start = try bytes.address(address + 24, "a heap's names") else {
      throw bytes.error("byte \(address)", expected: "a heap of version 0 with names", found: "another")
    }
    try bytes.require(start, size, "a heap's names")
    // Free places are a list: each holds the next one's place and its own size.
    var next = try bytes.bits(address + 16, 8, "a heap's free place")
    var remaining = size / 16
    while next != 1 && next != .max {
      guard remaining > 0, let free = Int(exactly: next), free <= size - 16 else {
        throw bytes.error("byte \(address)", expected: "free places inside the heap", found: "one at \(next)")
      }
      let length = try bytes.integer(start + free + 8, 8, "the size of a free place")
      guard length >= 16, length <= size - free else {
        throw bytes.error("byte \(start + free)", expected: "free places inside the heap", found: "\(length) bytes")
      }
      next = try bytes.bits(start + free, 8, "the next free place")
      remaining -= 1
    }
    return start..<start + size
  }
}
