import Activations
import Tensor

extension Layer {
  /// The kind of layer and the arguments that differ from their defaults, with Swift's labels: `Dense(64, activation:
  /// relu)`. Weights and the arguments of custom layers are not shown.
  public var description: String { "\(className)(\((self as? any DescribedLayer)?.arguments.description ?? ""))" }
}

extension Model {
  /// The kind of model, its name and its number of layers: `Sequential(name: sequential, layers: 3)`.
  public var description: String { "\(className)(name: \(name), layers: \(stages.count))" }
}

extension ActivatedLayer {
  /// Both layers.
  public var description: String { "\(layer), activation: \(activation)" }
}
