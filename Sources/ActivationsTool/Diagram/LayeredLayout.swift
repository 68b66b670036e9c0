import Tensor

/// The places of boxes in layers from top to bottom, and the ways of the arrows between them, which cross no box.
///
/// Boxes of a layer have their tops at one height. Between layers, where there are only arrows, these change their
/// places; beside boxes, they are vertical.
struct LayeredLayout {
  struct Box {
    var width: Double
    var height: Double
    /// Where arrows begin and end, from the box's left side; elsewhere, they take the shortest way.
    var inputs: [Double]?
    var outputs: [Double]?
    /// Whether the box stands below all others.
    var isLowest = false
  }

  private(set) var rectangles: [Rectangle]
  /// The points of each arrow: the first and second are the ends of a vertical line, the second and third those of a
  /// curve, and so on.
  private(set) var ways: [[Point]] = []
  let width: Double
  let height: Double

  private static let distance = 24.0
  private static let distanceOfPoints = 16.0
  private static let gap = 30.0
  /// The distance of arrows from each other and from the corners at the side of a box.
  private static let distanceOfEnds = 12.0

  /// - Precondition: the arrows form no cycle.
  init(_ boxes: [Box], _ arrows: [Arrow]) {
    let lowest = Set(boxes.indices.filter { boxes[$0].isLowest })
    guard let graph = LayeredGraph(boxCount: boxes.count, arrows, lowest: lowest) else {
      trap("the arrows between the boxes of a drawing form a cycle")
    }
    let order = LayerOrder(graph).layers
    let widths = graph.layers.indices.map { graph.isPoint($0) ? 0 : boxes[$0].width }
    let columns = StraightColumns(graph, order, shifts: Self.shifts(graph, boxes))
    var x = columns.places(order, distances: Self.distances(graph, order, widths))
    let left = graph.layers.indices.map { x[$0] - widths[$0] / 2 }.min() ?? 0
    for vertex in x.indices { x[vertex] -= left }
    let ends = Self.ends(graph, x, boxes)

    var spans = [Double](repeating: 0, count: graph.layerCount)
    for (link, end) in zip(graph.links, ends) {
      let layer = graph.layers[link.upper]
      spans[layer] = max(spans[layer], abs(end.upper - end.lower))
    }
    var (tops, bottoms, y) = ([Double](), [Double](), 0.0)
    for (layer, vertices) in order.enumerated() {
      tops.append(y)
      bottoms.append(y + (vertices.map { graph.isPoint($0) ? 0 : boxes[$0].height }.max() ?? 0))
      y = bottoms[layer] + Self.gap + min(spans[layer] / 8, 60)
    }
    rectangles = boxes.indices.map { box in
      Rectangle(
        x: x[box] - boxes[box].width / 2, y: tops[graph.layers[box]], width: boxes[box].width,
        height: boxes[box].height)
    }
    for way in graph.ways {
      var points: [Point] = []
      for number in way {
        let link = graph.links[number]
        let (from, to) = (graph.layers[link.upper], graph.layers[link.lower])
        let start = graph.isPoint(link.upper) ? tops[from] : tops[from] + boxes[link.upper].height
        // Ways through points are already there.
        if points.isEmpty { points.append(Point(x: ends[number].upper, y: start)) }
        points.append(Point(x: ends[number].upper, y: bottoms[from]))
        points.append(Point(x: ends[number].lower, y: tops[to]))
      }
      ways.append(points)
    }
    width = graph.layers.indices.map { x[$0] + widths[$0] / 2 }.max() ?? 0
    height = bottoms.last ?? 0
  }

  // MARK: Places

  /// The distances that the vertices of each layer keep from the one before.
  private static func distances(_ graph: LayeredGraph, _ order: [[Int]], _ widths: [Double]) -> [[Double]] {
    order.map { layer in
      layer.indices.map { index in
        if index == 0 { return 0 }
        let (one, other) = (layer[index - 1], layer[index])
        let isNarrow = graph.isPoint(one) && graph.isPoint(other)
        return (widths[one] + widths[other]) / 2 + (isNarrow ? distanceOfPoints : distance)
      }
    }
  }

  /// How far from the centres of its two vertices each link ends, where that is given.
  private static func shifts(_ graph: LayeredGraph, _ boxes: [Box]) -> [(upper: Double, lower: Double)] {
    graph.links.map { link in
      let outputs = graph.isPoint(link.upper) ? nil : boxes[link.upper].outputs
      let inputs = graph.isPoint(link.lower) ? nil : boxes[link.lower].inputs
      return (
        outputs.map { $0[link.output] - boxes[link.upper].width / 2 } ?? 0,
        inputs.map { $0[link.input] - boxes[link.lower].width / 2 } ?? 0
      )
    }
  }

  /// Where each link begins and ends: given, or as close as possible to its other end.
  private static func ends(
    _ graph: LayeredGraph, _ x: [Double], _ boxes: [Box]
  ) -> [(upper: Double, lower: Double)] {
    let shifts = shifts(graph, boxes)
    var ends = graph.links.indices.map { number in
      let link = graph.links[number]
      return (upper: x[link.upper] + shifts[number].upper, lower: x[link.lower] + shifts[number].lower)
    }
    var (outgoing, incoming) = ([Int: [Int]](), [Int: [Int]]())
    for (number, link) in graph.links.enumerated() {
      outgoing[link.upper, default: []].append(number)
      incoming[link.lower, default: []].append(number)
    }
    for box in boxes.indices {
      let left = x[box] - boxes[box].width / 2
      /// Spreads the ends at one side of the box.
      func spread(_ numbers: [Int], _ other: (Int) -> Double, _ set: (Int, Double) -> Void) {
        let sorted = numbers.sorted { (other($0), $0) < (other($1), $1) }
        let inset = min(distanceOfEnds, boxes[box].width / 2)
        let room = boxes[box].width - 2 * inset
        let step = numbers.count > 1 ? min(distanceOfEnds, room / Double(numbers.count - 1)) : 0
        let wanted = sorted.map { min(max(other($0) - left, inset), boxes[box].width - inset) }
        let found = keptApart(
          wanted, weights: wanted.map { _ in 1 }, distances: wanted.indices.map { $0 == 0 ? 0 : step })
        for (index, number) in sorted.enumerated() {
          // None is moved past a corner.
          let least = inset + step * Double(index)
          let most = boxes[box].width - inset - step * Double(sorted.count - 1 - index)
          set(number, left + min(max(found[index], least), most))
        }
      }
      if boxes[box].outputs == nil { spread(outgoing[box] ?? [], { ends[$0].lower }, { ends[$0].upper = $1 }) }
      if boxes[box].inputs == nil { spread(incoming[box] ?? [], { ends[$0].upper }, { ends[$0].lower = $1 }) }
    }
    return ends
  }
}
