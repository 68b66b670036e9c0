internal import CHDF5

// Datasets in pieces. The library says where the pieces stand; they are unpacked and put together here, because it trusts
// the sizes of what it unpacks.

extension HDF5Image {
  /// The elements of a dataset in row-major order.
  func assemble(
    _ chunks: HDF5Chunks, name: String, shape: [Int], _ type: HDF5ElementType
  ) throws(ModelFileError) -> HDF5Memory {
    let result = HDF5Memory(byteCount: shape.reduce(type.byteCount, *))
    if result.bytes.isEmpty { return result }
    let grid = zip(shape, chunks.lengths).map { ($0 + $1 - 1) / $1 }
    var count = 1
    for length in grid {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= bytes.count else {
        throw error(name, .limit, expected: "at most \(bytes.count) chunks", found: "\(grid)")
      }
      count = product
    }
    try open { file throws(ModelFileError) in
      let dataset = try HDF5Handle(H5Dopen2(file.id, name, 0), H5Dclose) {
        error(name, expected: "a dataset", found: "what the HDF5 library cannot read")
      }
      var position = [Int](repeating: 0, count: grid.count)
      for _ in 0..<count {
        let start = zip(position, chunks.lengths).map { $0 * $1 }
        if let stored = try stored(dataset, start, name) {
          let chunk = try unpack(stored.bytes, skipping: stored.mask, chunks, name)
          copy(chunk, chunks.lengths, to: result.bytes, at: start, shape, elementSize: type.byteCount)
        }
        for axis in grid.indices.reversed() {
          position[axis] += 1
          if position[axis] < grid[axis] { break }
          position[axis] = 0
        }
      }
    }
    return result
  }

  private func error(
    _ name: String, _ kind: ModelFileError.Kind = .format, expected: String, found: String
  ) -> ModelFileError {
    ModelFileError(kind: kind, file: self.name, place: "/\(name)", expected: expected, found: found)
  }

  /// The bytes of the chunk that begins at an element, and which filters were left out; none where it is all zeros.
  private func stored(
    _ dataset: borrowing HDF5Handle, _ start: [Int], _ name: String
  ) throws(ModelFileError) -> (bytes: UnsafeRawBufferPointer, mask: UInt32)? {
    var (mask, address, size): (UInt32, haddr_t, hsize_t) = (0, 0, 0)
    guard H5Dget_chunk_info_by_coord(dataset.id, start.map { hsize_t($0) }, &mask, &address, &size) >= 0 else {
      throw error(name, expected: "a chunk at \(start)", found: "what the HDF5 library cannot find")
    }
    if address == chdf5_undefined() || size == 0 { return nil }
    guard let address = Int(exactly: address), let size = Int(exactly: size), address <= bytes.count,
      size <= bytes.count - address
    else { throw error(name, expected: "a chunk inside the file", found: "\(size) bytes from byte \(address) on") }
    return (UnsafeRawBufferPointer(rebasing: bytes[address..<address + size]), mask)
  }

  /// Takes the filters back, the last one first.
  private func unpack(
    _ stored: UnsafeRawBufferPointer, skipping mask: UInt32, _ chunks: HDF5Chunks, _ name: String
  ) throws(ModelFileError) -> [UInt8] {
    let applied = chunks.filters.enumerated().filter { mask >> UInt32($0.offset) & 1 == 0 }.map(\.element)
    var chunk = [UInt8](stored)
    for (index, filter) in applied.enumerated().reversed() {
      switch filter {
      case .fletcher32:
        guard chunk.count >= 4 else { throw error(name, expected: "a checksum", found: "\(chunk.count) bytes") }
        let sum = chunk.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        chunk.removeLast(4)
        guard fletcher32(chunk) == sum else {
          throw error(name, .checksum, expected: "a chunk of the checksum \(sum)", found: "\(fletcher32(chunk))")
        }
      case .deflate:
        let checksums = applied[..<index].filter { $0 == .fletcher32 }.count
        chunk = try inflated(chunk, size: chunks.byteCount + 4 * checksums, name)
      case .shuffle(let elementSize):
        chunk = unshuffled(chunk, elementSize)
      }
    }
    guard chunk.count == chunks.byteCount else {
      throw error(name, expected: "chunks of \(chunks.byteCount) bytes", found: "\(chunk.count)")
    }
    return chunk
  }

  private func inflated(_ packed: [UInt8], size: Int, _ name: String) throws(ModelFileError) -> [UInt8] {
    guard size <= packed.count * HDF5Walk.expansionLimit else {
      throw error(
        name, .limit, expected: "chunks of at most \(packed.count * HDF5Walk.expansionLimit) bytes", found: "\(size)")
    }
    var count = uLongf(size)
    var status: CInt = 0
    let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      status = uncompress(buffer.baseAddress, &count, packed, uLong(packed.count))
      initialized = status == Z_OK ? Int(count) : 0
    }
    guard status == Z_OK else {
      throw error(name, expected: "deflated chunks of \(size) bytes", found: "zlib's error \(status)")
    }
    return result
  }

  /// Copies what of a chunk lies inside the dataset.
  private func copy(
    _ chunk: [UInt8], _ lengths: [Int], to result: UnsafeMutableRawBufferPointer, at start: [Int], _ shape: [Int],
    elementSize: Int
  ) {
    let inside = shape.indices.map { min(lengths[$0], shape[$0] - start[$0]) }
    let last = shape.count - 1
    let width = inside[last] * elementSize
    var row = [Int](repeating: 0, count: last)
    while true {
      var (from, to) = (0, 0)
      for axis in shape.indices {
        let index = axis < last ? row[axis] : 0
        from = from * lengths[axis] + index
        to = to * shape[axis] + start[axis] + index
      }
      chunk.withUnsafeBytes { bytes in
        let target = UnsafeMutableRawBufferPointer(rebasing: result[to * elementSize..<to * elementSize + width])
        target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[from * elementSize..<from * elementSize + width]))
      }
      var axis = last - 1
      while axis >= 0 {
        row[axis] += 1
        if row[axis] < inside[axis] { break }
        row[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

private func unshuffled(_ bytes: [UInt8], _ elementSize: Int) -> [UInt8] {
  guard elementSize > 1, bytes.count >= 2 * elementSize else { return bytes }
  let count = bytes.count / elementSize
  // What is left at the end stays where it is.
  var result = bytes
  for place in 0..<elementSize {
    for index in 0..<count { result[index * elementSize + place] = bytes[place * count + index] }
  }
  return result
}

/// Fletcher's checksum of big-endian 16-bit words.
private func fletcher32(_ bytes: [UInt8]) -> UInt32 {
  var (first, second): (UInt32, UInt32) = (0, 0)
  func folded(_ sum: UInt32) -> UInt32 { (sum & 0xFFFF) + (sum >> 16) }
  var index = 0
  while index < bytes.count {
    let low = index + 1 < bytes.count ? bytes[index + 1] : 0
    first = folded(first + (UInt32(bytes[index]) << 8 | UInt32(low)))
    second = folded(second + first)
    index += 2
  }
  return folded(second) << 16 | folded(first)
}
