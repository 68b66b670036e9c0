/// An input, a weight or a use that a layer or model does not accept.
@nonexhaustive
public enum LayerError: Error, Hashable, Sendable {
  /// An input of a wrong shape. Shapes are written for people: `[batch, …, 64]`.
  case inputShape(layer: String, expected: String, found: String)
  /// An output that would be too large.
  case outputShape(layer: String, expected: String, found: String)
  /// Inputs whose shapes are incompatible with each other.
  case inputShapes(layer: String, expected: String, found: [String])
  /// An element of an input that the layer does not accept, with its position in the batch.
  case inputValue(layer: String, position: [Int], expected: String, found: String)
  /// A wrong number of inputs.
  case inputCount(layer: String, expected: Int, found: Int)
  /// A layer without something that training needs.
  case notTrainable(layer: String, reason: String)
  /// A model without layers, or one that must be built first.
  case notBuilt(model: String, reason: String)
  /// New weights whose shapes or number are not those of the layer.
  case weights(layer: String, expected: String, found: String)
}

extension LayerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .inputShape(let layer, let expected, let found):
      "\(layer): the input has the shape \(found); expected: \(expected)"
    case .outputShape(let layer, let expected, let found):
      "\(layer): the output has the shape \(found); expected: \(expected)"
    case .inputShapes(let layer, let expected, let found):
      "\(layer): the inputs have the shapes \(found.joined(separator: ", ")); expected: \(expected)"
    case .inputValue(let layer, let position, let expected, let found):
      "\(layer): the input at \(position) is \(found); expected: \(expected)"
    case .inputCount(let layer, let expected, let found):
      "\(layer) takes \(expected == 1 ? "one input" : "\(expected) inputs"), not \(found)"
    case .notTrainable(let layer, let reason):
      "\(layer) cannot be trained: \(reason)"
    case .notBuilt(let model, let reason):
      "\(model): \(reason)"
    case .weights(let layer, let expected, let found):
      "\(layer): the weights are \(found); expected: \(expected)"
    }
  }
}

extension LayerError {
  /// The same error, with the layer's name in its model.
  func named(_ name: String) -> LayerError {
    func path(_ layer: String) -> String { layer.contains("\"") ? "\(name)/\(layer)" : "\(layer) \"\(name)\"" }
    return switch self {
    case .inputShape(let layer, let expected, let found):
      .inputShape(layer: path(layer), expected: expected, found: found)
    case .outputShape(let layer, let expected, let found):
      .outputShape(layer: path(layer), expected: expected, found: found)
    case .inputShapes(let layer, let expected, let found):
      .inputShapes(layer: path(layer), expected: expected, found: found)
    case .inputValue(let layer, let position, let expected, let found):
      .inputValue(layer: path(layer), position: position, expected: expected, found: found)
    case .inputCount(let layer, let expected, let found):
      .inputCount(layer: path(layer), expected: expected, found: found)
    case .notTrainable(let layer, let reason): .notTrainable(layer: path(layer), reason: reason)
    case .notBuilt(let model, let reason): .notBuilt(model: path(model), reason: reason)
    case .weights(let layer, let expected, let found):
      .weights(layer: path(layer), expected: expected, found: found)
    }
  }
}

extension LayerError {
  /// The error of a model whose input shape is needed but not known yet.
  package static func unknownInput(_ model: String) -> LayerError {
    .notBuilt(
      model: model, reason: "the shape of the input is not known; begin with Input(…) or call build(for: x)")
  }
}

/// A sample's shape written as that of a batch: `[batch, 28, 28]`, or `[batch, …, 28]` if a length is arbitrary.
package func batchDescription(_ sampleShape: [Int?]) -> String {
  let shown = 32
  let lengths = ["batch"] + sampleShape.prefix(shown).map { $0.map(String.init) ?? "…" }
  let rest = sampleShape.count > shown ? "; \(sampleShape.count + 1) axes in all" : ""
  return "[\(lengths.joined(separator: ", "))\(rest)]"
}
