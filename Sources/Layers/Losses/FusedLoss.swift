public import Activations

extension Loss {
  /// The loss of the logits that stands for this loss of an activation's output: `loss(f(x), y)` is `loss.onLogits(of: f)!(x, y)`,
  /// but for what the former clips and rounds.
  ///
  /// There is one for crossentropies of probabilities, categorical and sparse, behind softmax along the last axis, and for binary
  /// crossentropy behind sigmoid. Its gradient is p - y, without a step through the activation. Nil for everything else.
  /// - Parameter activation: that of a network's last layer.
  public func onLogits(of activation: Activation<Scalar>) -> Loss? {
    switch rule {
    case .categoricalCrossentropy(var loss) where !loss.fromLogits && activation == .softmax:
      loss.fromLogits = true
      return Loss(.categoricalCrossentropy(loss), reduction: reduction)
    case .sparseCategoricalCrossentropy(var loss) where !loss.fromLogits && activation == .softmax:
      loss.fromLogits = true
      return Loss(.sparseCategoricalCrossentropy(loss), reduction: reduction)
    case .binaryCrossentropy(var loss) where !loss.fromLogits && activation == .sigmoid:
      loss.fromLogits = true
      return Loss(.binaryCrossentropy(loss), reduction: reduction)
    default: return nil
    }
  }
}
