// Lists of chunks in HDF5's later layouts: of fixed length, and growing.

extension HDF5ChunkIndex {
  /// The chunks of a dataset that cannot grow ("fixed array").
  mutating func readFixedArray(at address: Int) throws(ModelFileError) {
    var cursor = try bytes.cursor(at: address, after: "FAHD", "a list of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1)
    let entryWidth = try cursor.integer(1)
    let pageBits = try cursor.require(0...31, "size of pages")
    let count = try cursor.length()
    let block = try cursor.address()
    try cursor.requireChecksum(since: address)
    guard let block else { return }
    let order = try order(unlimitedFirst: false)
    cursor = try bytes.cursor(at: block, after: "FADB", "a block of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1 + bytes.addressWidth)
    guard count > 1 << pageBits else {
      try readEntries(&cursor, count, entryWidth, from: 0, order)
      try cursor.requireChecksum(since: block)
      return
    }
    let pages = (count - 1) >> pageBits + 1
    let written = try cursor.take((pages - 1) / 8 + 1)
    try cursor.requireChecksum(since: block)
    for page in 0..<pages {
      let first = page << pageBits
      let length = min(1 << pageBits, count - first)
      try readPage(&cursor, length, entryWidth, from: first, isWritten: isSet(page, in: written), order)
    }
  }

  /// The chunks of a dataset that grows along one axis ("extensible array").
  mutating func readExtensibleArray(at address: Int) throws(ModelFileError) {
    var cursor = try bytes.cursor(at: address, after: "EAHD", "a growing list of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1)
    let entryWidth = try cursor.integer(1)
    let shape = try GrowingShape(&cursor)
    // Statistics.
    try cursor.skip(6 * bytes.lengthWidth)
    let index = try cursor.address()
    try cursor.requireChecksum(since: address)
    guard let index else { return }
    let order = try order(unlimitedFirst: true)
    cursor = try bytes.cursor(at: index, after: "EAIB", "a growing list of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1 + bytes.addressWidth)
    try readEntries(&cursor, shape.directCount, entryWidth, from: 0, order)
    var first = shape.directCount
    var blocks: [(address: Int?, first: Int, length: Int)] = []
    var groups: [(address: Int?, first: Int, number: Int)] = []
    for group in 0..<shape.groupCount {
      let (count, length) = shape.blocks(inGroup: group)
      if group < shape.directGroupCount {
        for _ in 0..<count {
          blocks.append((try cursor.address(), first, length))
          first += length
        }
      } else {
        groups.append((try cursor.address(), first, group))
        first += count * length
      }
    }
    try cursor.requireChecksum(since: index)
    for block in blocks {
      guard let address = block.address else { continue }
      try readBlock(at: address, block.length, entryWidth, from: block.first, pages: nil, shape, order)
    }
    for group in groups {
      guard let address = group.address else { continue }
      try readGroup(at: address, group.number, entryWidth, from: group.first, shape, order)
    }
  }

  /// The lengths of a growing list's blocks.
  private struct GrowingShape {
    private let countBits: Int
    /// The number of entries in the index itself.
    let directCount: Int
    private let leastLength: Int
    private let leastPointers: Int
    let pageBits: Int

    init(_ cursor: inout HDF5Cursor) throws(ModelFileError) {
      countBits = try cursor.require(1...56, "number of bits of entries")
      directCount = try cursor.integer(1)
      let place = cursor
      leastLength = try cursor.integer(1)
      leastPointers = try cursor.integer(1)
      pageBits = try cursor.require(0...31, "size of pages")
      guard leastLength.nonzeroBitCount == 1, leastPointers.nonzeroBitCount == 1,
        leastLength.trailingZeroBitCount <= countBits, directGroupCount <= groupCount
      else {
        throw place.error(expected: "lengths that are powers of 2", found: "\(leastLength) and \(leastPointers)")
      }
    }

    var offsetWidth: Int { (countBits + 7) / 8 }
    var groupCount: Int { 1 + countBits - leastLength.trailingZeroBitCount }
    /// The number of groups to whose blocks the index points itself.
    var directGroupCount: Int { 2 * leastPointers.trailingZeroBitCount }

    func blocks(inGroup group: Int) -> (count: Int, length: Int) {
      (1 << (group / 2), leastLength << ((group + 1) / 2))
    }
  }

  /// A block that contains addresses of blocks.
  private mutating func readGroup(
    at address: Int, _ group: Int, _ entryWidth: Int, from first: Int, _ shape: GrowingShape, _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    var cursor = try bytes.cursor(at: address, after: "EASB", "a group of blocks of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1 + bytes.addressWidth + shape.offsetWidth)
    let (count, length) = shape.blocks(inGroup: group)
    let pages = length > 1 << shape.pageBits ? length >> shape.pageBits : 0
    let width = (pages + 7) / 8
    let (all, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow else { throw cursor.error(expected: "pages that can be counted", found: "\(count) of \(width)") }
    let written = try cursor.take(all)
    var blocks: [(number: Int, address: Int)] = []
    for number in 0..<count {
      if let address = try cursor.address() { blocks.append((number, address)) }
    }
    try cursor.requireChecksum(since: address)
    try claimStructure(address..<cursor.offset)
    for (number, address) in blocks {
      try readBlock(
        at: address, length, entryWidth, from: first + number * length,
        pages: pages > 0 ? (bits: written, firstBit: number * pages) : nil, shape, order)
    }
  }

  /// - Parameter pages: bits that mark the pages that have been written; `nil` if the block is not divided into pages.
  private mutating func readBlock(
    at address: Int, _ length: Int, _ entryWidth: Int, from first: Int, pages: (bits: Range<Int>, firstBit: Int)?,
    _ shape: GrowingShape, _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    var cursor = try bytes.cursor(at: address, after: "EADB", "a block of chunks")
    try cursor.require(0...0, "version")
    try cursor.skip(1 + bytes.addressWidth + shape.offsetWidth)
    guard let pages else {
      try readEntries(&cursor, length, entryWidth, from: first, order)
      try cursor.requireChecksum(since: address)
      try claimStructure(address..<cursor.offset)
      return
    }
    try cursor.requireChecksum(since: address)
    try claimStructure(address..<cursor.offset)
    for page in 0..<length >> shape.pageBits {
      try readPage(
        &cursor, 1 << shape.pageBits, entryWidth, from: first + page << shape.pageBits,
        isWritten: isSet(pages.firstBit + page, in: pages.bits), order)
    }
  }

  private mutating func readPage(
    _ cursor: inout HDF5Cursor, _ count: Int, _ entryWidth: Int, from first: Int, isWritten: Bool,
    _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    let start = cursor.offset
    guard isWritten else {
      try cursor.skip(count * entryWidth + 4)
      return
    }
    try claimStructure(try bytes.range(start, count * entryWidth + 4, "a page of chunks"))
    try readEntries(&cursor, count, entryWidth, from: first, order)
    try cursor.requireChecksum(since: start)
  }

  private mutating func readEntries(
    _ cursor: inout HDF5Cursor, _ count: Int, _ width: Int, from first: Int, _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    guard width > 0, count <= cursor.remaining.count / width else {
      throw cursor.error(expected: "\(count) entries of \(width) bytes", found: "\(cursor.remaining.count) bytes")
    }
    for number in first..<first + count {
      let start = cursor.offset
      try add(number: number, try entry(&cursor, width: width), order)
      guard cursor.offset == start + width else {
        throw cursor.error(expected: "entries of \(width) bytes", found: "\(cursor.offset - start)")
      }
    }
  }

  /// The first bit is the most significant bit of the first byte.
  private func isSet(_ bit: Int, in range: Range<Int>) -> Bool {
    bytes.number(range.lowerBound + bit / 8, 1) >> UInt64(7 - bit % 8) & 1 != 0
  }
}
