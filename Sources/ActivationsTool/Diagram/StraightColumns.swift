/// The vertices of a layered graph in columns, whose links are straight: ways through points, and boxes that follow each
/// other without a branch of boxes between them.
struct StraightColumns {
  private let graph: LayeredGraph
  private let shifts: [(upper: Double, lower: Double)]
  /// The column of each vertex, and the vertex's place from the column's.
  private var columns: [Int]
  private var offsets: [Double]
  private let count: Int

  private static let rounds = 1000

  /// - Parameter shifts: how far from the centres of its two vertices each link ends.
  init(_ graph: LayeredGraph, _ order: [[Int]], shifts: [(upper: Double, lower: Double)]) {
    self.graph = graph
    self.shifts = shifts
    let straight = Self.straight(graph, order)
    (columns, offsets) = (Array(graph.layers.indices), [Double](repeating: 0, count: graph.layers.count))
    var count = 0
    for vertex in order.joined() {
      if let number = straight[vertex] {
        let upper = graph.links[number].upper
        columns[vertex] = columns[upper]
        offsets[vertex] = offsets[upper] + shifts[number].upper - shifts[number].lower
      } else {
        columns[vertex] = count
        count += 1
      }
    }
    self.count = count
  }

  /// The straight link from above of each vertex that has one. Straight links do not cross each other.
  private static func straight(_ graph: LayeredGraph, _ order: [[Int]]) -> [Int: Int] {
    var place = [Int](repeating: 0, count: graph.layers.count)
    for layer in order { for (index, vertex) in layer.enumerated() { place[vertex] = index } }
    var (uppers, lowers) = ([Int: Set<Int>](), [Int: Set<Int>]())
    for link in graph.links {
      lowers[link.upper, default: []].insert(link.lower)
      uppers[link.lower, default: []].insert(link.upper)
    }
    // A way that is all that leaves a box is a branch as a box is.
    var isBranch = graph.layers.indices.map { !graph.isPoint($0) }
    for vertex in order.joined() where graph.isPoint(vertex) {
      let upper = uppers[vertex]!.first!
      isBranch[vertex] = isBranch[upper] && (graph.isPoint(upper) || lowers[upper]!.count == 1)
    }
    /// Ways through points first, then boxes, then the beginnings and ends of ways.
    func rank(_ link: LayeredGraph.Link) -> Int? {
      if graph.isPoint(link.upper) && graph.isPoint(link.lower) { return 0 }
      let isOfBoxes = !graph.isPoint(link.upper) && !graph.isPoint(link.lower)
      func isOnly(_ neighbours: Set<Int>) -> Bool { neighbours.count { !isOfBoxes || isBranch[$0] } == 1 }
      return isOnly(lowers[link.upper]!) && isOnly(uppers[link.lower]!) ? (isOfBoxes ? 1 : 2) : nil
    }
    let candidates = graph.links.indices.compactMap { number in rank(graph.links[number]).map { ($0, number) } }
    var found: [Int: Int] = [:]
    var inLayer = [[LayeredGraph.Link]](repeating: [], count: graph.layerCount)
    for (_, number) in candidates.sorted(by: <) {
      let link = graph.links[number]
      let layer = graph.layers[link.upper]
      let crosses = inLayer[layer].contains { other in
        (place[other.upper] - place[link.upper]) * (place[other.lower] - place[link.lower]) <= 0
      }
      if crosses { continue }
      found[link.lower] = number
      inLayer[layer].append(link)
    }
    return found
  }

  private struct Neighbours {
    let left: Int
    let right: Int
    let distance: Double
  }

  /// The centres of the vertices: columns are as close to those that they are connected with as the distances in the
  /// layers allow.
  func places(_ order: [[Int]], distances: [[Double]]) -> [Double] {
    let pairs = zip(order, distances).flatMap { layer, apart in
      layer.indices.dropFirst().map { index in
        let (one, other) = (layer[index - 1], layer[index])
        return Neighbours(
          left: columns[one], right: columns[other], distance: apart[index] + offsets[one] - offsets[other])
      }
    }
    var pulls = [[(column: Int, shift: Double)]](repeating: [], count: count)
    for (link, shift) in zip(graph.links, shifts) where columns[link.upper] != columns[link.lower] {
      let distance = offsets[link.upper] + shift.upper - offsets[link.lower] - shift.lower
      pulls[columns[link.lower]].append((columns[link.upper], distance))
      pulls[columns[link.upper]].append((columns[link.lower], -distance))
    }
    var x = keepingDistances([Double](repeating: 0, count: count), pairs)
    for _ in 0..<Self.rounds {
      x = x.indices.map { column in
        let sum = pulls[column].reduce(0) { $0 + x[$1.column] + $1.shift }
        return pulls[column].isEmpty ? x[column] : (x[column] + sum / Double(pulls[column].count)) / 2
      }
      for pair in pairs {
        // Neighbours that are too close give way to each other, the more the less holds them.
        let lack = x[pair.left] + pair.distance - x[pair.right]
        guard lack > 0 else { continue }
        let (left, right) = (Double(pulls[pair.left].count + 1), Double(pulls[pair.right].count + 1))
        x[pair.left] -= lack * right / (left + right)
        x[pair.right] += lack * left / (left + right)
      }
    }
    x = keepingDistances(x, pairs)
    return columns.indices.map { x[columns[$0]] + offsets[$0] }
  }

  /// The mean of two ways to keep distances: columns give way to the right only, or to the left only.
  private func keepingDistances(_ x: [Double], _ pairs: [Neighbours]) -> [Double] {
    var (lefts, rights) = ([[Neighbours]](repeating: [], count: count), [[Neighbours]](repeating: [], count: count))
    for pair in pairs {
      lefts[pair.right].append(pair)
      rights[pair.left].append(pair)
    }
    let sorted = sortedFromLeft(lefts, rights)
    var (right, left) = (x, x)
    for column in sorted {
      for pair in lefts[column] { right[column] = max(right[column], right[pair.left] + pair.distance) }
    }
    for column in sorted.reversed() {
      for pair in rights[column] { left[column] = min(left[column], left[pair.right] - pair.distance) }
    }
    return zip(right, left).map { ($0 + $1) / 2 }
  }

  /// The columns, each behind those at its left: there is such an order, because straight links do not cross.
  private func sortedFromLeft(_ lefts: [[Neighbours]], _ rights: [[Neighbours]]) -> [Int] {
    var waiting = lefts.map(\.count)
    var sorted = waiting.indices.filter { waiting[$0] == 0 }
    var done = 0
    while done < sorted.count {
      for pair in rights[sorted[done]] {
        waiting[pair.right] -= 1
        if waiting[pair.right] == 0 { sorted.append(pair.right) }
      }
      done += 1
    }
    return sorted
  }
}
