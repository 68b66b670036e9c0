// Links and attributes outside their object's header: a tree of names points into a heap.

extension HDF5Structures {
  /// The attributes outside the header.
  mutating func denseAttributes(_ info: Range<Int>) throws(ModelFileError) -> [Range<Int>] {
    var cursor = HDF5Cursor(bytes, info, "the place of attributes")
    try cursor.require(0...0, "version")
    if try cursor.integer(1) & 1 != 0 { try cursor.skip(2) }
    // The identifier comes first, then flags, the number and the hash of the name.
    return try objects(&cursor, kinds: 8...8) { $0.lowerBound..<$0.lowerBound + $1 }
  }

  /// The links of a group outside the header.
  mutating func denseLinks(_ info: Range<Int>) throws(ModelFileError) -> [Range<Int>] {
    var cursor = HDF5Cursor(bytes, info, "the place of links")
    try cursor.require(0...0, "version")
    if try cursor.integer(1) & 1 != 0 { try cursor.skip(8) }
    // The hash of the name comes first.
    return try objects(&cursor, kinds: 5...5) { $0.lowerBound + 4..<$0.lowerBound + 4 + $1 }
  }

  private mutating func objects(
    _ cursor: inout HDF5Cursor, kinds: ClosedRange<Int>, identifier: (Range<Int>, Int) -> Range<Int>
  ) throws(ModelFileError) -> [Range<Int>] {
    guard let heap = try cursor.address() else { return [] }
    let tree = try cursor.address(of: "a tree of names")
    let contents = try HDF5FractalHeap(at: heap, &self)
    var objects: [Range<Int>] = []
    for record in try records(at: tree, kinds: kinds) {
      let identifier = identifier(record, contents.identifierSize)
      guard identifier.upperBound <= record.upperBound else {
        throw bytes.error(
          "byte \(record.lowerBound)", expected: "records with identifiers of \(contents.identifierSize) bytes",
          found: "\(record.count) bytes")
      }
      objects.append(try contents.object(identifier))
    }
    return objects
  }
}
