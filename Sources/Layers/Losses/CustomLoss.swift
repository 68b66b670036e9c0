public import Tensor

/// Functions of one's own for a loss. Equal by identity.
package final class CustomLoss<Scalar: RealScalar>: EqualByIdentity, Sendable {
  typealias Function = @Sendable (_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) throws -> Tensor<Scalar>

  package let name: String
  let perSample: Function
  let gradient: Function?

  init(name: String, perSample: @escaping Function, gradient: Function?) {
    self.name = name
    self.perSample = perSample
    self.gradient = gradient
  }
}

extension Loss {
  /// A loss of one's own. It is equal to its copies only.
  ///
  /// ```swift
  /// let loss: Loss<Float> = .custom("quartic") { prediction, target in
  ///   (prediction - target).squared().squared().mean(axis: -1)
  /// } gradient: { prediction, target in
  ///   4 * (prediction - target).power(3) / Float(prediction.shape.last!)
  /// }
  /// ```
  ///
  /// - Parameter name: what errors and files call it.
  /// - Parameter perSample: a value per sample, [batch] or [batch, …]: the prediction's shape without some of its last axes.
  ///   Integer targets come as reals, in their own shape. One number for the whole batch is refused, but for a batch of one sample.
  /// - Parameter gradient: the derivative of each sample's value by its prediction, in the prediction's shape. Weights and the
  ///   reduction are seen to. Without it the loss can be computed, but not trained with.
  public static func custom(
    _ name: String,
    _ perSample: @escaping @Sendable (_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) throws -> Tensor<Scalar>,
    gradient: (
      @Sendable (_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) throws -> Tensor<Scalar>
    )? = nil
  ) -> Self {
    Self(.custom(CustomLoss(name: name, perSample: perSample, gradient: gradient)))
  }
}
