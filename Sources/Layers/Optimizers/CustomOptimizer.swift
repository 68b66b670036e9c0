public import Tensor

/// Where training stands when an optimizer of one's own changes a weight.
public struct OptimizerStep: Hashable, Sendable {
  /// That of this step.
  public let learningRate: Double
  /// Counted from 1.
  public let number: Int
}

/// A function of one's own.
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
  /// An optimizer of one's own: how a gradient changes a value and what is kept for it. Equal to its copies only.
  ///
  /// ```swift
  /// let sign = Optimizer<Float>.custom("sign", learningRate: 0.01, slots: ["mean"]) { value, gradient, slots, step in
  ///   slots[0].scale(by: 0.9)
  ///   slots[0].add(gradient, scaledBy: 0.1)
  ///   value.add(slots[0].sign(), scaledBy: Float(-step.learningRate))
  /// }
  /// ```
  ///
  /// Settings of ``with(weightDecay:clipping:movingAverage:lossScaleFactor:dynamicLossScale:gradientAccumulationSteps:)`` are taken care of.
  /// - Parameter name: what errors and files call it.
  /// - Parameter learningRate: a number or a schedule.
  /// - Parameter slots: names of tensors of the value's shape, which begin with zeros and are kept from step to step.
  /// - Parameter update: keeps all shapes, else the step traps.
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
