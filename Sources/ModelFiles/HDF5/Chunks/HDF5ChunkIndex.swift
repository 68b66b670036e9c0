/// A stored piece of a dataset.
struct HDF5Chunk {
  /// The number among all chunks of the dataset, in row-major order.
  let number: Int
  let stored: Range<Int>
  /// A bit for each filter that was not applied.
  let skippedFilters: UInt32
}

/// Finds the chunks of one dataset.
struct HDF5ChunkIndex {
  let chunks: HDF5Chunks
  let name: String
  /// The number of chunks along each axis.
  let grid: [Int]
  private var structures: HDF5Structures
  private(set) var all: [HDF5Chunk] = []

  var bytes: HDF5Bytes { structures.bytes }

  init(_ chunks: HDF5Chunks, name: String, shape: [Int], _ bytes: HDF5Bytes) throws(ModelFileError) {
    self.chunks = chunks
    self.name = name
    structures = HDF5Structures(bytes)
    grid = zip(shape, chunks.lengths).map { $0 == 0 ? 0 : ($0 - 1) / $1 + 1 }
    guard let address = chunks.address, !shape.contains(0) else { return }
    switch chunks.index {
    case .tree: try readTree(at: address)
    case .single(let size, let mask):
      try add([Int](repeating: 0, count: grid.count), at: address, size: size, mask)
    case .implicit: try readImplicit(at: address)
    case .fixedArray: try readFixedArray(at: address)
    case .extensibleArray: try readExtensibleArray(at: address)
    case .records: try readRecords(at: address)
    }
    all.sort { $0.number < $1.number }
    for (chunk, next) in zip(all, all.dropFirst()) where chunk.number == next.number {
      throw error(expected: "each chunk once", found: "chunk \(chunk.number) again")
    }
  }

  /// The position of a chunk's first element.
  func start(of chunk: HDF5Chunk) -> [Int] {
    var rest = chunk.number
    var start = grid
    for axis in grid.indices.reversed() {
      start[axis] = rest % grid[axis] * chunks.lengths[axis]
      rest /= grid[axis]
    }
    return start
  }

  func error(_ kind: ModelFileError.Kind = .format, expected: String, found: String) -> ModelFileError {
    bytes.error("/\(name)", kind, expected: expected, found: found)
  }

  mutating func claimStructure(_ range: Range<Int>) throws(ModelFileError) {
    try structures.claim(range, "a list of chunks")
  }

  /// Ignores chunks outside the dataset, which remain from a time when it was larger.
  mutating func add(_ position: [Int], at address: Int, size: Int, _ skippedFilters: UInt32) throws(ModelFileError) {
    let stored = try bytes.range(address, size, "a chunk")
    try structures.claimElements(stored)
    guard zip(position, grid).allSatisfy({ $0 < $1 }) else { return }
    let number = zip(position, grid).reduce(0) { $0 * $1.1 + $1.0 }
    all.append(HDF5Chunk(number: number, stored: stored, skippedFilters: skippedFilters))
  }

  // MARK: The first layout

  private mutating func readTree(at address: Int) throws(ModelFileError) {
    // The size, the filters, and the position of the first element along each axis and in the element.
    let keyWidth = 8 + 8 * (chunks.lengths.count + 1)
    var found: [(key: Range<Int>, address: Int)] = []
    try structures.visitTree(at: address, kind: 1, keyWidth: keyWidth, "a tree of chunks") { found.append(($0, $1)) }
    for (key, address) in found {
      var cursor = HDF5Cursor(bytes, key, "a chunk's place")
      let size = try cursor.integer(4)
      let mask = UInt32(try cursor.bits(4))
      var position: [Int] = []
      for length in chunks.lengths {
        let start = try cursor.integer(8)
        guard start % length == 0 else {
          throw error(expected: "chunks that begin at multiples of \(chunks.lengths)", found: "one at \(start)")
        }
        position.append(start / length)
      }
      try add(position, at: address, size: size, mask)
    }
  }

  // MARK: Later layouts

  private mutating func readRecords(at address: Int) throws(ModelFileError) {
    let rank = chunks.lengths.count
    for record in try structures.records(at: address, kinds: 10...11) {
      var cursor = HDF5Cursor(bytes, record, "a chunk's place")
      let entry = try self.entry(&cursor, width: record.count - 8 * rank)
      var position: [Int] = []
      for _ in 0..<rank { position.append(try cursor.integer(8)) }
      if let entry { try add(position, at: entry.address, size: entry.size, entry.mask) }
    }
  }

  /// An address and, with filters, the size and the filters that were not applied; `nil` if the chunk has not been
  /// written.
  func entry(
    _ cursor: inout HDF5Cursor, width: Int
  ) throws(ModelFileError) -> (address: Int, size: Int, mask: UInt32)? {
    let address = try cursor.address()
    let sizeWidth = width - bytes.addressWidth - 4
    guard width > bytes.addressWidth else { return address.map { ($0, chunks.byteCount, 0) } }
    guard (1...8).contains(sizeWidth) else {
      throw error(
        expected: "entries of \(bytes.addressWidth + 5) to \(bytes.addressWidth + 12) bytes", found: "\(width)")
    }
    let size = try cursor.integer(sizeWidth)
    let mask = UInt32(try cursor.bits(4))
    return address.map { ($0, size, mask) }
  }

  /// Adds a chunk by its number among all possible chunks of the dataset.
  mutating func add(
    number: Int, _ entry: (address: Int, size: Int, mask: UInt32)?, _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    guard let entry else { return }
    try add(order.position(number), at: entry.address, size: entry.size, entry.mask)
  }

  /// The order of chunks in lists.
  func order(unlimitedFirst: Bool) throws(ModelFileError) -> HDF5ChunkOrder {
    guard let order = HDF5ChunkOrder(chunks, unlimitedFirst: unlimitedFirst) else {
      throw error(.limit, expected: "chunks that can be counted", found: "limits of \(chunks.limits)")
    }
    return order
  }

  private mutating func readImplicit(at address: Int) throws(ModelFileError) {
    let order = try order(unlimitedFirst: false)
    let count = order.count ?? 0
    guard chunks.byteCount > 0, count <= (bytes.count - address) / chunks.byteCount else {
      throw error(
        expected: "\(count) chunks of \(chunks.byteCount) bytes from byte \(address)",
        found: "a file of \(bytes.count)")
    }
    for number in 0..<count {
      try add(number: number, (address + number * chunks.byteCount, chunks.byteCount, 0), order)
    }
  }
}
