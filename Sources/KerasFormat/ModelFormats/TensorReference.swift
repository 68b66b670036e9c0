import Activations
import Layers
import Tensor

/// A reference to a model's tensor in a configuration: the layer that computes it, the number of the layer's use, and
/// the index of its result.
struct TensorReference: Equatable {
  let layer: String
  let node: Int
  let tensor: Int
  /// Whether it is a list, as in Keras 2, rather than a `__keras_tensor__`.
  var isListed = true

  /// Reads `["dense", 0, 0]`, which has a fourth element in nodes of Keras 2.
  init?(_ configuration: Configuration) {
    guard let parts = configuration.asList, parts.count == 3 || parts.count == 4, let layer = parts[0].asString,
      let node = parts[1].asInteger, let tensor = parts[2].asInteger
    else { return nil }
    (self.layer, self.node, self.tensor) = (layer, node, tensor)
  }

  /// Reads a `__keras_tensor__` of Keras 3.
  init?(tensor configuration: Configuration) {
    guard configuration["class_name"] == "__keras_tensor__",
      let history = configuration["config"]?["keras_history"], let reference = TensorReference(history)
    else { return nil }
    self = reference
    isListed = false
  }

  /// Returns one reference, a list of them, or those of an object, in the order of its keys; `nil` for anything else.
  static func all(in configuration: Configuration) -> [TensorReference]? {
    if let reference = TensorReference(configuration) { return [reference] }
    let parts = configuration.asList ?? configuration.asObject?.sorted { $0.key < $1.key }.map(\.value)
    guard let parts else { return nil }
    var references: [TensorReference] = []
    for part in parts {
      guard let inner = all(in: part) else { return nil }
      references += inner
    }
    return references
  }
}
