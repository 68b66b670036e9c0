public import Activations

extension Loss {
  /// The equivalent of this loss for logits, if the prediction is an activation's output: `loss(f(x), y)` equals
  /// `loss.onLogits(of: f)!(x, y)`, except for the clipping and rounding of the former.
  ///
  /// It exists for crossentropies of probabilities: for categorical and sparse crossentropy after softmax along the
  /// last axis, and for binary crossentropy after sigmoid. Its gradient is p - y, without a step through the
  /// activation. `nil` for everything else.
  /// - Parameter activation: the activation of a network's last layer.
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
