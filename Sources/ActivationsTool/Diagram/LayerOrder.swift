/// The order of the vertices in each layer, with few crossings of links.
///
/// Source: Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures", IEEE
/// Transactions on Systems, Man, and Cybernetics 11, 1981: layers are sorted by the means of their neighbours' places.
struct LayerOrder {
  private(set) var layers: [[Int]]
  private let graph: LayeredGraph
  /// The place of each vertex in its layer.
  private var places: [Int]
  /// The links to the layer above and below of each vertex.
  private var above: [[Int]]
  private var below: [[Int]]

  private static let sweeps = 24

  init(_ graph: LayeredGraph) {
    self.graph = graph
    let none = [[Int]](repeating: [], count: graph.layers.count)
    (layers, above, below) = ([[Int]](repeating: [], count: graph.layerCount), none, none)
    places = [Int](repeating: 0, count: graph.layers.count)
    for (vertex, layer) in graph.layers.enumerated() {
      places[vertex] = layers[layer].count
      layers[layer].append(vertex)
    }
    for (number, link) in graph.links.enumerated() {
      above[link.lower].append(number)
      below[link.upper].append(number)
    }
    var (best, fewest) = (layers, crossings)
    for sweep in 0..<Self.sweeps where fewest > 0 || sweep == 0 {
      let isDownward = sweep.isMultiple(of: 2)
      for layer in isDownward ? Array(layers.indices) : layers.indices.reversed() {
        sort(layer, isDownward: isDownward)
      }
      let count = crossings
      if count < fewest { (best, fewest) = (layers, count) }
    }
    layers = best
  }

  /// A link's end counts as a fraction of a place, so that the inputs of a box keep their order.
  private func place(_ link: LayeredGraph.Link, isUpper: Bool) -> Double {
    isUpper
      ? Double(places[link.upper]) + Double(link.output) / 1024 : Double(places[link.lower]) + Double(link.input) / 1024
  }

  private mutating func sort(_ layer: Int, isDownward: Bool) {
    let wanted = layers[layer].map { vertex in
      let ends = (isDownward ? above : below)[vertex].map { place(graph.links[$0], isUpper: isDownward) }
      return ends.isEmpty ? Double(places[vertex]) : ends.reduce(0, +) / Double(ends.count)
    }
    // Sorting by place too makes the order certain where means are equal.
    let order = layers[layer].indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    layers[layer] = order.map { layers[layer][$0] }
    for (place, vertex) in layers[layer].enumerated() { places[vertex] = place }
  }

  private var crossings: Int {
    layers.reduce(0) { sum, layer in
      var ends: [(upper: Double, lower: Double)] = []
      for vertex in layer {
        for number in below[vertex] {
          let link = graph.links[number]
          ends.append((place(link, isUpper: true), place(link, isUpper: false)))
        }
      }
      return sum
        + ends.indices.reduce(0) { sum, one in
          sum + ends[..<one].count { ($0.upper - ends[one].upper) * ($0.lower - ends[one].lower) < 0 }
        }
    }
  }
}
