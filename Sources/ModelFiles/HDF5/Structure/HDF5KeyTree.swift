// The tree of HDF5's first layout ("version 1 B-tree"): of a group's names, or of chunks.

extension HDF5Structures {
  /// Visits the children of the lowest nodes of a tree of the first layout ("version 1 B-tree"), with the key before
  /// each.
  mutating func visitTree(
    at address: Int, kind: Int, keyWidth: Int, level expected: Int? = nil, _ what: String,
    _ body: (_ key: Range<Int>, _ child: Int) -> Void
  ) throws(ModelFileError) {
    var cursor = try bytes.cursor(at: address, after: "TREE", what)
    try cursor.require(kind...kind, "kind")
    let level = try cursor.require(expected.map { $0...$0 } ?? 0...16, "level")
    let count = try cursor.integer(2)
    try cursor.skip(2 * bytes.addressWidth)
    let entries = try cursor.take(count * (keyWidth + bytes.addressWidth))
    try claim(address..<entries.upperBound, what)
    cursor = HDF5Cursor(bytes, entries, what)
    for _ in 0..<count {
      let key = try cursor.take(keyWidth)
      let child = try cursor.address(of: "a part of a tree")
      if level == 0 {
        body(key, child)
      } else {
        try visitTree(at: child, kind: kind, keyWidth: keyWidth, level: level - 1, what, body)
      }
    }
  }
}
