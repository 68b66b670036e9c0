public import Tensor

/// The functions of a custom loss; compared by identity.
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
  /// A custom loss. It equals only its copies.
  ///
  /// ```swift
  /// let loss: Loss<Float> = .custom("quartic") { prediction, target in
  ///   (prediction - target).squared().squared().mean(axis: -1)
  /// } gradient: { prediction, target in
  ///   4 * (prediction - target).power(3) / Float(prediction.shape.last!)
  /// }
  /// ```
  ///
  /// - Parameter name: the name in errors and files.
  /// - Parameter perSample: returns a value per sample, [batch] or [batch, …]: the prediction's shape without some of
  ///   its last axes. Integer targets are converted to real numbers, in their own shape. One number for the whole batch
  ///   is accepted for a batch of one sample only.
  /// - Parameter gradient: returns the derivative of each sample's value with respect to its prediction, in the
  ///   prediction's shape; weights and the reduction are applied afterwards. Without it, the loss can be computed, but
  ///   not used in training.
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
