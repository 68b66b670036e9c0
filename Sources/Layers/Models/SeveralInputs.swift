import Tensor

// Models of any number of inputs and outputs, whatever their type.

extension Model {
  package var inputCount: Int { graph.inputCount }
  package var outputCount: Int { graph.outputs.count }

  /// The shapes of a sample's inputs that the model was built for or declares; none where it does not know them.
  package var inputShapes: [[Int]]? { graph.inputShapes }

  /// The shapes of a sample's outputs.
  /// - Throws: ``LayerError`` where the inputs do not fit.
  package func outputShapes(forInputs shapes: [[Int]]) throws -> [[Int]] {
    try graph.requireInputs(shapes.count, className)
    let all = try graph.shapes(for: shapes)
    return graph.outputs.map { all[$0] }
  }

  package var inputNames: [String] { inputs.map(\.name) }
  package var outputNames: [String] { outputs.map(\.name) }
}
