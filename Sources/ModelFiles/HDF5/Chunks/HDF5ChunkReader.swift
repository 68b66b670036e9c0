// Unpacks and assembles datasets in chunks.

extension HDF5Bytes {
  /// The largest number of bytes that a byte of deflated data can expand to.
  static let expansionLimit = 1032

  /// Returns the elements of a dataset in chunks, in row-major order.
  func assemble(
    _ chunks: HDF5Chunks, name: String, shape: [Int], byteCount: Int
  ) throws(ModelFileError) -> [UInt8] {
    // Chunks along unlimited axes may be longer than the dataset.
    let limit = max(Self.trust, count, 4 * min(byteCount, Int.max / 4))
    guard chunks.byteCount <= limit else {
      throw error("/\(name)", .limit, expected: "chunks of at most \(limit) bytes", found: "\(chunks.byteCount)")
    }
    let index = try HDF5ChunkIndex(chunks, name: name, shape: shape, self)
    let stored = index.all.reduce(0) { $0 + $1.stored.count }
    var result = try filled(
      chunks.fill, byteCount: byteCount, name: name,
      limit: max(Self.trust, count, chunks.filters.contains(.deflate) ? stored * Self.expansionLimit : stored))
    for chunk in index.all {
      let start = index.start(of: chunk)
      let elements = try unpack(chunk, chunks, start, shape, name)
      elements.copy(chunks.lengths, to: &result, at: start, shape, elementSize: chunks.fill.count)
    }
    return result
  }

  /// Returns elements that have not been written.
  /// - Parameter limit: the number of bytes with which the file is trusted.
  func filled(_ fill: [UInt8], byteCount: Int, name: String, limit: Int) throws(ModelFileError) -> [UInt8] {
    guard byteCount <= limit else {
      throw error("/\(name)", .limit, expected: "at most \(limit) bytes from the stored data", found: "\(byteCount)")
    }
    var result = [UInt8](repeating: 0, count: byteCount)
    if fill.contains(where: { $0 != 0 }) {
      for index in result.indices { result[index] = fill[index % fill.count] }
    }
    return result
  }

  /// Reverses the filters, the last one first.
  private func unpack(
    _ chunk: HDF5Chunk, _ chunks: HDF5Chunks, _ start: [Int], _ shape: [Int], _ name: String
  ) throws(ModelFileError) -> [UInt8] {
    let isAtEdge = shape.indices.contains { start[$0] + chunks.lengths[$0] > shape[$0] }
    let applied =
      isAtEdge && chunks.edgesAreUnfiltered
      ? [] : chunks.filters.enumerated().filter { chunk.skippedFilters >> UInt32($0.offset) & 1 == 0 }.map(\.element)
    let place = "/\(name)"
    var bytes = Array(self[chunk.stored])
    for (index, filter) in applied.enumerated().reversed() {
      switch filter {
      case .fletcher32:
        guard bytes.count >= 4 else { throw error(place, expected: "a checksum", found: "\(bytes.count) bytes") }
        let sum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bytes.removeLast(4)
        let computed = fletcher32(bytes[...])
        guard computed == sum else {
          throw error(place, .checksum, expected: "a chunk of the checksum \(sum)", found: "\(computed)")
        }
      case .deflate:
        let checksums = applied[..<index].count { $0 == .fletcher32 }
        let size = chunks.byteCount + 4 * checksums
        guard size <= bytes.count * Self.expansionLimit else {
          throw error(
            place, .limit, expected: "chunks of at most \(bytes.count * Self.expansionLimit) bytes", found: "\(size)")
        }
        guard let inflated = bytes.inflated(byteCount: size) else {
          throw error(
            place, expected: "deflated chunks of \(size) bytes", found: "data that zlib cannot inflate to that")
        }
        bytes = inflated
      case .shuffle(let elementSize): bytes = bytes.unshuffled(elementSize: elementSize)
      }
    }
    guard bytes.count == chunks.byteCount else {
      throw error(place, expected: "chunks of \(chunks.byteCount) bytes", found: "\(bytes.count)")
    }
    return bytes
  }
}

extension [UInt8] {
  /// Restores elements from bytes sorted by their position in the element. A remainder at the end is not moved.
  fileprivate func unshuffled(elementSize: Int) -> [UInt8] {
    guard elementSize > 1, count / 2 >= elementSize else { return self }
    let elementCount = count / elementSize
    var result = self
    for place in 0..<elementSize {
      for index in 0..<elementCount { result[index * elementSize + place] = self[place * elementCount + index] }
    }
    return result
  }

  /// Copies the part of a chunk that is inside the dataset.
  fileprivate func copy(
    _ lengths: [Int], to result: inout [UInt8], at start: [Int], _ shape: [Int], elementSize: Int
  ) {
    let inside = shape.indices.map { Swift.min(lengths[$0], shape[$0] - start[$0]) }
    // Complete axes at the end are copied together with the axis before them.
    var last = shape.count - 1
    while last > 0, lengths[last] == shape[last] { last -= 1 }
    let width = inside[last...].reduce(elementSize, *)
    var steps: [(from: Int, to: Int)] = []
    var fromStep = lengths[last...].reduce(elementSize, *)
    var toStep = shape[last...].reduce(elementSize, *)
    for axis in (0..<last).reversed() {
      steps.insert((fromStep, toStep), at: 0)
      fromStep *= lengths[axis]
      toStep *= shape[axis]
    }
    var from = 0
    var to = zip(start, shape).reduce(0) { $0 * $1.1 + $1.0 } * elementSize
    var row = [Int](repeating: 0, count: last)
    precondition(result.count >= shape.reduce(elementSize, *) && count >= lengths.reduce(elementSize, *))
    result.withUnsafeMutableBytes { result in
      withUnsafeBytes { chunk in
        while true {
          // Inside both: the row belongs to the chunk and to the dataset.
          UnsafeMutableRawBufferPointer(rebasing: result[to..<to + width]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: chunk[from..<from + width]))
          var axis = last - 1
          while axis >= 0 {
            row[axis] += 1
            from += steps[axis].from
            to += steps[axis].to
            if row[axis] < inside[axis] { break }
            from -= row[axis] * steps[axis].from
            to -= row[axis] * steps[axis].to
            row[axis] = 0
            axis -= 1
          }
          if axis < 0 { return }
        }
      }
    }
  }
}
