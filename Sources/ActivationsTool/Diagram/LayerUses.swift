import Layers
import Tensor

/// The uses of a graph's layers, and the arrows between boxes for them, which follow those for the inputs.
struct LayerUses {
  private let graph: Graph<Float>
  /// The nodes of each box.
  private(set) var nodes: [[Int]] = []
  /// The box of each node, and the number of the node in it.
  private var places: [(box: Int, use: Int)] = []

  /// - Parameter isShared: whether a layer has one box, or one for each of its uses.
  init(_ graph: Graph<Float>, isShared: Bool) {
    self.graph = graph
    var boxes: [Int: Int] = [:]
    for (node, stage) in graph.nodes.map(\.stage).enumerated() {
      let box = isShared ? boxes[stage] ?? nodes.count : nodes.count
      boxes[stage] = box
      if box == nodes.count { nodes.append([]) }
      places.append((graph.inputCount + box, nodes[box].count))
      nodes[box].append(node)
    }
  }

  var arrows: [Arrow] {
    graph.nodes.enumerated().flatMap { number, node in
      let first = isModel(node) ? 0 : places[number].use * node.inputs.count
      return node.inputs.enumerated().map { index, tensor in
        let source = source(of: tensor)
        return Arrow(source: source.box, output: source.output, target: places[number].box, input: first + index)
      }
    }
  }

  /// The box that gives a tensor. Each use of a layer has outputs of its own; those of a nested model are ports.
  func source(of tensor: Int) -> (box: Int, output: Int) {
    guard tensor >= graph.inputCount else { return (tensor, 0) }
    let number = graph.producers[tensor - graph.inputCount]
    let node = graph.nodes[number]
    let first = isModel(node) ? 0 : places[number].use * node.outputs.count
    return (places[number].box, first + tensor - node.outputs.lowerBound)
  }

  private func isModel(_ node: Graph<Float>.Node) -> Bool { graph.stages[node.stage].layer is Model<Float> }
}
