import Activations
import Layers
import Tensor

extension Weight {
  /// The parameters of layers that say how the weight begins and what holds it in bounds: `kernel_initializer`.
  var configurations: [String: Configuration] {
    [
      "\(name)_initializer": initializer.configuration, "\(name)_regularizer": regularizer.configuration,
      "\(name)_constraint": constraint.configuration,
    ]
  }

  /// What Keras writes of a bias that a layer does not have.
  static var unusedBias: Weight { Weight("bias", initializer: .zeros) }
}

extension LayerReader {
  /// What a weight's parameters say: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`.
  mutating func read(into weight: inout Weight<Scalar>) throws(ConfigurationError) {
    weight.initializer = try value("\(weight.name)_initializer", default: weight.initializer)
    weight.regularizer = try optionalValue("\(weight.name)_regularizer")
    weight.constraint = try optionalValue("\(weight.name)_constraint")
  }

  /// The same for a weight that the layer may not have.
  mutating func read(
    into weight: inout Weight<Scalar>?, named name: String
  ) throws(ConfigurationError) {
    var read = weight ?? Weight(name, initializer: .zeros)
    try self.read(into: &read)
    if weight != nil { weight = read }
  }
}
