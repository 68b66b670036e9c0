/// A heap of HDF5's later layouts: links and attributes outside their object's header.
struct HDF5FractalHeap {
  /// The blocks, by their start in the heap.
  private var blocks: [(start: Int, place: Range<Int>)] = []
  /// The large objects, by number.
  private var largeObjects: [Int: Range<Int>] = [:]
  let identifierSize: Int
  private let offsetWidth: Int
  private let lengthWidth: Int
  /// Whether the identifier of a large object contains its address instead of its number.
  private let placesAreDirect: Bool
  private let bytes: HDF5Bytes

  init(at address: Int, _ structures: inout HDF5Structures) throws(ModelFileError) {
    bytes = structures.bytes
    var cursor = try bytes.cursor(at: address, after: "FRHP", "a heap")
    try cursor.require(0...0, "version")
    identifierSize = try cursor.integer(2)
    let filterSize = try cursor.integer(2)
    let flags = try cursor.integer(1)
    let largestManaged = try cursor.integer(4)
    try cursor.skip(bytes.lengthWidth)
    let largeTree = try cursor.address()
    // Free space, and the numbers of objects by size.
    try cursor.skip(bytes.lengthWidth + bytes.addressWidth + 8 * bytes.lengthWidth)
    let table = try BlockTable(&cursor, hasChecksums: flags & 2 != 0)
    guard filterSize == 0 else {
      throw bytes.error("byte \(address)", .unsupported, expected: "heaps without filters", found: "filters")
    }
    let root = try cursor.address()
    let rowCount = try cursor.integer(2)
    try cursor.requireChecksum(since: address)
    try structures.claim(address..<cursor.offset, "a heap")
    offsetWidth = (table.heapSizeBits + 7) / 8
    lengthWidth = min((table.largestDirectBits + 7) / 8, (Int.bitWidth - largestManaged.leadingZeroBitCount + 7) / 8)
    placesAreDirect = bytes.addressWidth + bytes.lengthWidth < identifierSize
    if let root {
      if rowCount == 0 {
        try addBlock(at: root, start: 0, size: 1 << table.startBits, table, &structures)
      } else {
        try addRows(at: root, start: 0, rowCount: rowCount, depth: 0, table, &structures)
      }
    }
    if let largeTree {
      for record in try structures.records(at: largeTree, kinds: 1...3) {
        var cursor = HDF5Cursor(bytes, record, "a large object of a heap")
        let place = try cursor.address(of: "a large object")
        let range = try bytes.range(place, try cursor.length(), "a large object of a heap")
        if cursor.remaining.count == bytes.lengthWidth { largeObjects[try cursor.length()] = range }
      }
    }
  }

  /// The bytes of an object, from its identifier.
  func object(_ identifier: Range<Int>) throws(ModelFileError) -> Range<Int> {
    var cursor = HDF5Cursor(bytes, identifier, "an object of a heap")
    let first = try cursor.integer(1)
    switch first >> 4 & 3 {
    case 0:
      let (start, length) = (try cursor.integer(offsetWidth), try cursor.integer(lengthWidth))
      var (low, high) = (0, blocks.count)
      while low < high {
        let middle = (low + high) / 2
        if blocks[middle].start <= start { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { break }
      let block = blocks[low - 1]
      let inside = start - block.start
      guard inside <= block.place.count, length <= block.place.count - inside else { break }
      return block.place.lowerBound + inside..<block.place.lowerBound + inside + length
    case 1:
      if placesAreDirect {
        let place = try cursor.address(of: "a large object")
        return try bytes.range(place, try cursor.length(), "a large object of a heap")
      }
      let width = min(identifierSize - 1, 8)
      if let object = largeObjects[try cursor.integer(width)] { return object }
    case 2:
      // The identifier contains the object.
      let length = identifierSize > 18 ? (first & 15) << 8 | (try cursor.integer(1)) : first & 15
      return try cursor.take(length + 1)
    default: break
    }
    throw bytes.error(
      "byte \(identifier.lowerBound)", expected: "an object inside its heap", found: "\(Array(bytes[identifier]))")
  }

  /// The lengths of a heap's blocks: rows of a number of blocks; each row after the first two has blocks of twice the
  /// size of the previous one.
  private struct BlockTable {
    let width: Int
    let startBits: Int
    let largestDirectBits: Int
    let heapSizeBits: Int
    let hasChecksums: Bool

    init(_ cursor: inout HDF5Cursor, hasChecksums: Bool) throws(ModelFileError) {
      width = try cursor.require(1...1024, "number of blocks in a row", width: 2)
      startBits = try Self.bits(&cursor)
      largestDirectBits = try Self.bits(&cursor)
      heapSizeBits = try cursor.require(1...63, "number of bits of places", width: 2)
      try cursor.skip(2)
      self.hasChecksums = hasChecksums
    }

    private static func bits(_ cursor: inout HDF5Cursor) throws(ModelFileError) -> Int {
      let place = cursor
      let size = try cursor.length()
      guard size.nonzeroBitCount == 1, size < 1 << 40 else {
        throw place.error(expected: "sizes of blocks that are powers of 2", found: "\(size)")
      }
      return size.trailingZeroBitCount
    }

    /// The exponent of 2.
    func sizeBits(row: Int) -> Int { startBits + max(row - 1, 0) }
    var directRowCount: Int { max(largestDirectBits - startBits + 2, 0) }
    /// The number of rows in the blocks of blocks of a row.
    func rowCount(inside row: Int) -> Int {
      sizeBits(row: row) - startBits - (Int.bitWidth - 1 - width.leadingZeroBitCount) + 1
    }
  }

  private mutating func addBlock(
    at address: Int, start: Int, size: Int, _ table: BlockTable, _ structures: inout HDF5Structures
  ) throws(ModelFileError) {
    let place = try bytes.range(address, size, "a block of a heap")
    var cursor = try bytes.cursor(at: address, after: "FHDB", "a block of a heap")
    try cursor.require(0...0, "version")
    try structures.claim(place, "a block of a heap")
    if table.hasChecksums {
      // The checksum is computed with its own field as 0.
      try cursor.skip(bytes.addressWidth + offsetWidth)
      let checksum = try cursor.take(4)
      guard place.upperBound >= checksum.upperBound else {
        throw bytes.error("byte \(address)", expected: "a block that contains its own header", found: "\(size) bytes")
      }
      var copy = Array(bytes[place])
      for index in checksum { copy[index - address] = 0 }
      let computed = lookup3(copy[...])
      guard UInt64(computed) == bytes.number(checksum.lowerBound, 4) else {
        throw bytes.error(
          "byte \(address)", .checksum, expected: "a block of the checksum \(bytes.number(checksum.lowerBound, 4))",
          found: "\(computed)")
      }
    }
    blocks.append((start, place))
  }

  /// Blocks of blocks.
  private mutating func addRows(
    at address: Int, start: Int, rowCount: Int, depth: Int, _ table: BlockTable, _ structures: inout HDF5Structures
  ) throws(ModelFileError) {
    guard depth < 8, rowCount > 0, table.sizeBits(row: rowCount) < 48 else {
      throw bytes.error(
        "byte \(address)", .limit, expected: "blocks of a heap in at most 8 levels below 2^48 bytes", found: "more")
    }
    var cursor = try bytes.cursor(at: address, after: "FHIB", "a block of blocks of a heap")
    try cursor.require(0...0, "version")
    try cursor.skip(bytes.addressWidth + offsetWidth)
    var children: [(row: Int, start: Int, address: Int)] = []
    var next = start
    for row in 0..<rowCount {
      for _ in 0..<table.width {
        if let child = try cursor.address() { children.append((row, next, child)) }
        next += 1 << table.sizeBits(row: row)
      }
    }
    try cursor.requireChecksum(since: address)
    try structures.claim(address..<cursor.offset, "a block of blocks of a heap")
    for child in children {
      if child.row < table.directRowCount {
        let size = 1 << table.sizeBits(row: child.row)
        try addBlock(at: child.address, start: child.start, size: size, table, &structures)
      } else {
        try addRows(
          at: child.address, start: child.start, rowCount: table.rowCount(inside: child.row), depth: depth + 1, table,
          &structures)
      }
    }
  }
}
