/// Boxes that arrows connect.
struct Arrow: Hashable {
  let source: Int
  /// Which of the source's outputs.
  let output: Int
  let target: Int
  /// Which of the target's inputs.
  let input: Int
}

/// A graph without cycles in layers: each box below all boxes from which arrows lead to it, as high as possible. Where
/// an arrow passes a layer, a point keeps its way free; arrows from the same output share these points.
struct LayeredGraph {
  struct Link: Hashable {
    let upper: Int
    let output: Int
    let lower: Int
    let input: Int
  }

  /// The boxes come first; points follow.
  let boxCount: Int
  /// The layer of each vertex.
  private(set) var layers: [Int]
  /// Connections between neighbouring layers.
  private(set) var links: [Link] = []
  /// The links of each arrow from its source to its target.
  private(set) var ways: [[Int]] = []

  var layerCount: Int { (layers.max() ?? -1) + 1 }

  /// - Parameter lowest: boxes that have the last layer to themselves.
  /// - Returns: `nil` if the arrows form a cycle.
  init?(boxCount: Int, _ arrows: [Arrow], lowest: Set<Int> = []) {
    guard var layers = Self.layers(boxCount, arrows) else { return nil }
    if !lowest.isEmpty {
      let last = 1 + (layers.indices.filter { !lowest.contains($0) }.map { layers[$0] }.max() ?? 0)
      for box in lowest { layers[box] = last }
    }
    self.boxCount = boxCount
    self.layers = layers
    var numbers: [Link: Int] = [:]
    var points: [[Int]: [Int]] = [:]
    for arrow in arrows {
      var (vertex, output) = (arrow.source, arrow.output)
      var way: [Int] = []
      func add(_ lower: Int, _ input: Int) {
        let link = Link(upper: vertex, output: output, lower: lower, input: input)
        way.append(numbers[link] ?? links.count)
        if numbers[link] == nil {
          numbers[link] = links.count
          links.append(link)
        }
        (vertex, output) = (lower, 0)
      }
      for layer in layers[arrow.source] + 1..<layers[arrow.target] {
        let place = layer - layers[arrow.source] - 1
        if points[[arrow.source, arrow.output], default: []].count == place {
          points[[arrow.source, arrow.output], default: []].append(self.layers.count)
          self.layers.append(layer)
        }
        add(points[[arrow.source, arrow.output]]![place], 0)
      }
      add(arrow.target, arrow.input)
      ways.append(way)
    }
  }

  func isPoint(_ vertex: Int) -> Bool { vertex >= boxCount }

  /// The lengths of the longest ways to the boxes.
  private static func layers(_ boxCount: Int, _ arrows: [Arrow]) -> [Int]? {
    var layers = [Int](repeating: 0, count: boxCount)
    var waiting = [Int](repeating: 0, count: boxCount)
    var targets = [[Int]](repeating: [], count: boxCount)
    for arrow in arrows {
      targets[arrow.source].append(arrow.target)
      waiting[arrow.target] += 1
    }
    var ready = (0..<boxCount).filter { waiting[$0] == 0 }
    var done = 0
    while done < ready.count {
      let box = ready[done]
      done += 1
      for target in targets[box] {
        layers[target] = max(layers[target], layers[box] + 1)
        waiting[target] -= 1
        if waiting[target] == 0 { ready.append(target) }
      }
    }
    return done == boxCount ? layers : nil
  }
}
