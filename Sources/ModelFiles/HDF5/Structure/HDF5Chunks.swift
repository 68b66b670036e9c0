// Datasets in pieces, which may be compressed.

extension HDF5Structure {
  mutating func checkChunks(
    tree: Int?, chunk: [Int], elementSize: Int, filters: [Int], place: String
  ) throws(ModelFileError) {
    var size = 1
    for length in chunk {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow, product <= UInt32.max else {
        throw bytes.error(.limit, place, expected: "chunks of 1 byte to 4 GiB", found: "lengths of \(chunk)")
      }
      size = product
    }
    guard chunk.last == elementSize else {
      throw bytes.error(place, expected: "chunks of elements of \(elementSize) bytes", found: "\(chunk)")
    }
    if let tree {
      let chunks = ChunkShape(rank: chunk.count, size: size, isFiltered: !filters.isEmpty)
      try checkChunks(at: tree, level: nil, chunks, place: place)
    }
  }

  private struct ChunkShape {
    let rank: Int
    let size: Int
    let isFiltered: Bool
    var keySize: Int { 8 + 8 * rank }
  }

  private mutating func checkChunks(
    at address: Int, level expected: Int?, _ shape: ChunkShape, place: String
  ) throws(ModelFileError) {
    try visit(address, "a tree of chunks")
    try bytes.requireSignature("TREE", at: address, "a tree of chunks")
    let most = 2 * chunkBranchCount
    try bytes.require(address, 24 + most * (shape.keySize + 8) + shape.keySize, "a tree of chunks")
    let kind = try bytes.integer(address + 4, 1, "the kind of a tree")
    let level = try bytes.integer(address + 5, 1, "the level of a tree")
    let count = try bytes.integer(address + 6, 2, "the number of chunks")
    guard kind == 1, level < 16, expected == nil || level == expected, count <= most else {
      throw bytes.error(
        place, expected: "a tree of at most \(most) chunks at byte \(address)",
        found: "one of the kind \(kind) and the level \(level) with \(count)")
    }
    for sibling in [8, 16] { _ = try bytes.address(address + sibling, "a tree's neighbour") }
    for index in 0..<count {
      let key = address + 24 + index * (shape.keySize + 8)
      guard let child = try bytes.address(key + shape.keySize, "a chunk") else {
        throw bytes.error(place, expected: "an address for each chunk", found: "none")
      }
      if level > 0 {
        try checkChunks(at: child, level: level - 1, shape, place: place)
        continue
      }
      let stored = try bytes.integer(key, 4, "the size of a chunk")
      guard shape.isFiltered || stored == shape.size else {
        throw bytes.error(place, expected: "chunks of \(shape.size) bytes", found: "\(stored)")
      }
      try visit(child, "a chunk")
      try bytes.require(child, stored, "a chunk")
    }
  }
}
