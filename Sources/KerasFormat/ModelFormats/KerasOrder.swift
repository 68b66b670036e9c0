import Layers
import Tensor

/// A part of a model as Keras sees it: inputs are layers too.
package enum ModelPart: Hashable, Sendable {
  case input(Int)
  /// A layer, by its index in ``/Layers/Model/stages``.
  case stage(Int)
}

extension Model {
  /// The layers in Keras's order, by which they are numbered in files: for a ``/Layers/Sequential``, one after another,
  /// without its input; for a ``/Layers/Functional``, including its inputs, by their distance from the outputs.
  package var layersInKerasOrder: [ModelPart] {
    form == .sequential ? graph.stages.indices.map { .stage($0) } : graph.kerasOrder
  }
}

extension Graph {
  /// Source: Keras 3.15, `keras/src/ops/function.py`, `map_graph`.
  fileprivate var kerasOrder: [ModelPart] {
    var traversal = Traversal(self)
    for output in outputs { traversal.visit(output) }
    let depths = depths(traversal.finished)
    let parts: [ModelPart] = (0..<inputCount).map { .input($0) } + stages.indices.map { .stage($0) }
    func key(_ part: ModelPart) -> (Int, Int) {
      (-(depths[part] ?? 0), traversal.firstVisits[part] ?? (depths[part] == nil ? .max : -1))
    }
    return parts.enumerated().sorted { left, right in
      let (first, second) = (key(left.element), key(right.element))
      return first == second ? left.offset < right.offset : first < second
    }.map(\.element)
  }

  private func part(_ tensor: Int) -> ModelPart {
    producer(of: tensor).map { .stage($0.stage) } ?? .input(tensor)
  }

  private func inputs(_ tensor: Int) -> [Int] { producer(of: tensor)?.inputs ?? [] }

  /// The layers' distances from the outputs, along the longest path.
  private func depths(_ finished: [Int]) -> [ModelPart: Int] {
    var ofTensors = [Int](repeating: 0, count: inputCount + producers.count)
    var ofParts: [ModelPart: Int] = [:]
    for tensor in finished.reversed() {
      let depth = max(ofTensors[tensor], ofParts[part(tensor)] ?? 0)
      ofParts[part(tensor)] = depth
      for input in inputs(tensor) { ofTensors[input] = max(depth + 1, ofTensors[input]) }
    }
    return ofParts
  }

  /// Depth-first traversal from outputs to inputs, with an explicit stack, because networks may be deep.
  private struct Traversal {
    private let graph: Graph
    private(set) var finished: [Int] = []
    private(set) var firstVisits: [ModelPart: Int] = [:]
    private var isSeen: [Bool]

    init(_ graph: Graph) {
      self.graph = graph
      isSeen = [Bool](repeating: false, count: graph.inputCount + graph.producers.count)
    }

    mutating func visit(_ tensor: Int) {
      var stack: [(tensor: Int, rest: ArraySlice<Int>)] = []
      begin(tensor, &stack)
      while let top = stack.last {
        if let next = top.rest.first {
          stack[stack.count - 1].rest = top.rest.dropFirst()
          begin(next, &stack)
        } else {
          finished.append(top.tensor)
          stack.removeLast()
        }
      }
    }

    private mutating func begin(_ tensor: Int, _ stack: inout [(tensor: Int, rest: ArraySlice<Int>)]) {
      if isSeen[tensor] { return }
      isSeen[tensor] = true
      let part = graph.part(tensor)
      if firstVisits[part] == nil { firstVisits[part] = firstVisits.count }
      stack.append((tensor, graph.inputs(tensor)[...]))
    }
  }
}
