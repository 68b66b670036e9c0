import Activations
import Layers
import Tensor

extension Weight {
  /// The parameters of a layer for a weight's initializer, regularizer and constraint: `kernel_initializer` and so on.
  var configurations: [String: Configuration] { configurations(as: name) }

  /// The same for a weight that the parameters call by another name.
  func configurations(as name: String) -> [String: Configuration] {
    [
      "\(name)_initializer": initializer.configuration, "\(name)_regularizer": regularizer.configuration,
      "\(name)_constraint": constraint.configuration,
    ]
  }

  /// The bias that Keras describes for a layer without one.
  static var unusedBias: Weight { Weight("bias", initializer: .zeros) }
}

extension LayerReader {
  /// Reads a weight's parameters: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`.
  /// - Parameter weight: the weight.
  /// - Parameter name: what the parameters call it; its name by default.
  mutating func read(into weight: inout Weight<Scalar>, as name: String? = nil) throws(ConfigurationError) {
    let name = name ?? weight.name
    weight.initializer = try value("\(name)_initializer", default: weight.initializer)
    weight.regularizer = try optionalValue("\(name)_regularizer")
    weight.constraint = try optionalValue("\(name)_constraint")
  }

  /// Reads the parameters of an optional weight.
  mutating func read(
    into weight: inout Weight<Scalar>?, named name: String
  ) throws(ConfigurationError) {
    var read = weight ?? Weight(name, initializer: .zeros)
    try self.read(into: &read)
    if weight != nil { weight = read }
  }
}
