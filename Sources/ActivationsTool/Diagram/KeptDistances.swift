/// The numbers closest to wanted ones, by the sum of weighted squares, that keep distances: each at least
/// `distances[i]` above the one before it.
///
/// - Complexity: O(*n*): neighbours that would be too close are joined to blocks.
func keptApart(_ wanted: [Double], weights: [Double], distances: [Double]) -> [Double] {
  var offset = 0.0
  let offsets = distances.indices.map { index in
    if index > 0 { offset += distances[index] }
    return offset
  }
  var blocks: [(mean: Double, weight: Double, count: Int)] = []
  for index in wanted.indices {
    var block = (mean: wanted[index] - offsets[index], weight: weights[index], count: 1)
    while let last = blocks.last, last.mean >= block.mean {
      let weight = last.weight + block.weight
      block = ((last.mean * last.weight + block.mean * block.weight) / weight, weight, last.count + block.count)
      blocks.removeLast()
    }
    blocks.append(block)
  }
  return zip(blocks.flatMap { [Double](repeating: $0.mean, count: $0.count) }, offsets).map { $0 + $1 }
}
