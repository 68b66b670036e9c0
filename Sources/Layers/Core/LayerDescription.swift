import Activations
import Tensor

extension Layer {
  /// The kind of layer with the arguments that are not its defaults, as Swift labels them: `Dense(64, activation: relu)`. Weights are
  /// not shown, and of layers of one's own no arguments.
  public var description: String { "\(className)(\((self as? any DescribedLayer)?.arguments.description ?? ""))" }
}

extension Model {
  /// The kind of model, its name and its size: `Sequential(name: sequential, layers: 3)`.
  public var description: String { "\(className)(name: \(name), layers: \(stages.count))" }
}

extension ActivatedLayer {
  /// Both layers.
  public var description: String { "\(layer), activation: \(activation)" }
}
