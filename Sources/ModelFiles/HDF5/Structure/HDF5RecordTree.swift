// The tree of HDF5's later layouts ("version 2 B-tree"): records in order, of links, attributes, large objects or chunks.

extension HDF5Structures {
  /// All records of a tree, in the file's order.
  mutating func records(at address: Int, kinds: ClosedRange<Int>) throws(ModelFileError) -> [Range<Int>] {
    var cursor = try bytes.cursor(at: address, after: "BTHD", "a tree of records")
    try cursor.require(0...0, "version")
    try cursor.require(kinds, "kind")
    let nodeSize = try cursor.integer(4)
    let recordSize = try cursor.integer(2)
    let depth = try cursor.require(0...16, "depth", width: 2)
    try cursor.skip(2)
    let root = try cursor.address()
    let count = try cursor.integer(2)
    _ = try cursor.length()
    try cursor.requireChecksum(since: address)
    try claim(address..<cursor.offset, "a tree of records")
    guard let root else { return [] }
    guard recordSize > 0,
      let shape = RecordTreeShape(nodeSize: nodeSize, recordSize: recordSize, depth: depth, bytes.addressWidth)
    else {
      throw bytes.error(
        "byte \(address)", expected: "nodes with room for records",
        found: "\(nodeSize) bytes for records of \(recordSize)")
    }
    var records: [Range<Int>] = []
    try collect(&records, at: root, count: count, level: depth, shape)
    return records
  }

  private mutating func collect(
    _ records: inout [Range<Int>], at address: Int, count: Int, level: Int, _ shape: RecordTreeShape
  ) throws(ModelFileError) {
    var cursor =
      level == 0
      ? try bytes.cursor(at: address, after: "BTLF", "a leaf of records")
      : try bytes.cursor(at: address, after: "BTIN", "a node of records")
    try cursor.require(0...0, "version")
    try cursor.skip(1)
    for _ in 0..<count { records.append(try cursor.take(shape.recordSize)) }
    var children: [(address: Int, count: Int)] = []
    if level > 0 {
      for _ in 0...count {
        let child = try cursor.address(of: "a node of records")
        children.append((child, try cursor.integer(shape.countWidth)))
        try cursor.skip(shape.totalWidths[level - 1])
      }
    }
    try cursor.requireChecksum(since: address)
    try claim(address..<cursor.offset, "a node of records")
    for child in children { try collect(&records, at: child.address, count: child.count, level: level - 1, shape) }
  }
}

/// The widths of numbers in the nodes of a tree, which depend on the number of records that a node can contain.
private struct RecordTreeShape {
  let recordSize: Int
  /// The width of the number of records in a child.
  let countWidth: Int
  /// The widths of the number of records in and below a child, by its level; none for leaves.
  let totalWidths: [Int]

  init?(nodeSize: Int, recordSize: Int, depth: Int, _ addressWidth: Int) {
    // Signature, version, kind and checksum.
    let prefix = 10
    func width(_ most: Int) -> Int { (Int.bitWidth - most.leadingZeroBitCount - 1) / 8 + 1 }
    self.recordSize = recordSize
    let leaf = (nodeSize - prefix) / recordSize
    guard nodeSize > prefix, leaf > 0 else { return nil }
    countWidth = width(leaf)
    var widths = [0]
    var total = leaf
    for _ in 0..<depth {
      let pointer = addressWidth + countWidth + widths.last!
      let most = (nodeSize - prefix - pointer) / (recordSize + pointer)
      guard most > 0 else { return nil }
      let (product, overflow) = (most + 1).multipliedReportingOverflow(by: total)
      // More records than a file can contain: the widest width is used.
      total = overflow || product > Int.max - most ? Int.max : product + most
      widths.append(width(total))
    }
    totalWidths = widths
  }
}
