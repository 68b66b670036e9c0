/// A piece of a dataset as it is stored.
struct HDF5Chunk {
  /// Counted in chunks along each axis.
  let position: [Int]
  let stored: Range<Int>
  /// A bit for each filter that was left out.
  let skippedFilters: UInt32
}

/// Finds the chunks of one dataset.
struct HDF5ChunkIndex {
  let chunks: HDF5Chunks
  let name: String
  /// How many chunks there are along each axis.
  private let grid: [Int]
  private var structures: HDF5Structures
  private(set) var all: [HDF5Chunk] = []
  private var positions: Set<[Int]> = []

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
  }

  func error(_ kind: ModelFileError.Kind = .format, expected: String, found: String) -> ModelFileError {
    bytes.error("/\(name)", kind, expected: expected, found: found)
  }

  mutating func claimStructure(_ range: Range<Int>) throws(ModelFileError) {
    try structures.claim(range, "a list of chunks")
  }

  /// Chunks outside of the dataset, which it had when it was larger, are left out.
  mutating func add(_ position: [Int], at address: Int, size: Int, _ skippedFilters: UInt32) throws(ModelFileError) {
    let stored = try bytes.range(address, size, "a chunk")
    if !stored.isEmpty { try structures.claim(stored, "a chunk") }
    guard zip(position, grid).allSatisfy({ $0 < $1 }) else { return }
    guard positions.insert(position).inserted else {
      throw error(expected: "each chunk once", found: "the one at \(position) again")
    }
    all.append(HDF5Chunk(position: position, stored: stored, skippedFilters: skippedFilters))
  }

  // MARK: The first layout

  private mutating func readTree(at address: Int) throws(ModelFileError) {
    // Size, filters, and the place of the first element on each axis and in the element.
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

  /// An address, and where there are filters the size and those left out; none where the chunk has not been written.
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

  /// Adds a chunk by its number among all that the dataset may have.
  mutating func add(
    number: Int, _ entry: (address: Int, size: Int, mask: UInt32)?, _ order: HDF5ChunkOrder
  ) throws(ModelFileError) {
    guard let entry, let position = order.position(number) else { return }
    try add(position, at: entry.address, size: entry.size, entry.mask)
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
        expected: "\(count) chunks of \(chunks.byteCount) bytes from byte \(address) on",
        found: "a file of \(bytes.count)")
    }
    for number in 0..<count {
      try add(number: number, (address + number * chunks.byteCount, chunks.byteCount, 0), order)
    }
  }
}

/// How the numbers of chunks in a list follow from their positions: in rows, by what the dataset may grow to.
struct HDF5ChunkOrder {
  /// The slowest first.
  private let axes: [Int]
  private let strides: [Int]
  /// None where one axis has no limit.
  let count: Int?

  init?(_ chunks: HDF5Chunks, unlimitedFirst: Bool) {
    var axes = Array(chunks.lengths.indices)
    if unlimitedFirst, let unlimited = chunks.limits.firstIndex(of: nil) {
      axes.remove(at: unlimited)
      axes.insert(unlimited, at: 0)
    }
    var strides = [Int](repeating: 1, count: axes.count)
    var product = 1
    var isLimited = true
    for place in axes.indices.reversed() {
      strides[place] = product
      guard let limit = chunks.limits[axes[place]] else {
        // Only the slowest axis may have no limit.
        guard place == 0 else { return nil }
        isLimited = false
        break
      }
      let length = limit == 0 ? 0 : (limit - 1) / chunks.lengths[axes[place]] + 1
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { return nil }
      product = next
    }
    self.axes = axes
    self.strides = strides
    count = isLimited ? product : nil
  }

  func position(_ number: Int) -> [Int]? {
    var rest = number
    var position = [Int](repeating: 0, count: axes.count)
    for (axis, stride) in zip(axes, strides) {
      position[axis] = rest / stride
      rest %= stride
    }
    return position
  }
}
