import Tensor

// Models with any number of inputs and outputs, independent of their type.

extension Model {
  package var inputCount: Int { graph.inputCount }

  /// The input shapes of a sample that the model declares or was built for; `nil` if they are not known.
  package var inputShapes: [[Int]]? { graph.inputShapes }

  /// The shapes of a sample's outputs.
  /// - Throws: ``LayerError`` if the model does not accept the inputs.
  package func outputShapes(forInputs shapes: [[Int]]) throws -> [[Int]] {
    try graph.requireInputs(shapes.count, className)
    let all = try graph.shapes(for: shapes)
    return graph.outputs.map { all[$0] }
  }

  package var inputNames: [String] { inputs.map(\.name) }
  package var outputNames: [String] { outputs.map(\.name) }
}
