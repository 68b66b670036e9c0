public import Tensor

/// The state of training when a custom optimizer changes a weight.
public struct OptimizerStep: Hashable, Sendable {
  /// The learning rate of this step.
  public let learningRate: Double
  /// The number of the step, from 1.
  public let number: Int
}

/// A custom function.
package final class CustomOptimizer<Scalar: RealScalar>: EqualByIdentity, Sendable {
  typealias Update =
    @Sendable (
      _ value: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>, _ slots: inout [Tensor<Scalar>], _ step: OptimizerStep
    ) -> Void

  package let name: String
  package let slots: [String]
  let update: Update

  init(_ name: String, slots: [String], update: @escaping Update) {
    self.name = name
    self.slots = slots
    self.update = update
  }
}

extension Optimizer {
  /// A custom optimizer: a function that changes a value and its slots by a gradient. It equals only its copies.
  ///
  /// ```swift
  /// let sign = Optimizer<Float>.custom("sign", learningRate: 0.01, slots: ["mean"]) { value, gradient, slots, step in
  ///   slots[0].scale(by: 0.9)
  ///   slots[0].add(gradient, scaledBy: 0.1)
  ///   value.add(slots[0].sign(), scaledBy: Float(-step.learningRate))
  /// }
  /// ```
  ///
  /// The settings of
  /// ``with(weightDecay:clipping:movingAverage:lossScaleFactor:dynamicLossScale:gradientAccumulationSteps:)`` are
  /// applied too.
  /// - Parameter name: the name in errors and files.
  /// - Parameter learningRate: a number or a schedule.
  /// - Parameter slots: the names of tensors of the value's shape, which start with zeros and are kept between steps.
  /// - Parameter update: changes the value and its slots; a change of a shape stops the program.
  public static func custom(
    _ name: String, learningRate: Schedule = 0.001, slots: [String] = [],
    update:
      @escaping @Sendable (
        _ value: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>, _ slots: inout [Tensor<Scalar>],
        _ step: OptimizerStep
      ) -> Void
  ) -> Self {
    Self(.custom(CustomOptimizer(name, slots: slots, update: update)), learningRate: learningRate)
  }
}
