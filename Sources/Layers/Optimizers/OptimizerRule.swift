package import CKernels
package import Tensor

/// A rule that changes weights by gradients: named numbers, and for each step the row of `optimizers.h` that takes
/// them.
package protocol OptimizerRule: Parameterized {
  /// Creates the rule with its defaults.
  init()

  /// Keras's class.
  static var name: String { get }
  /// The default learning rate.
  static var learningRate: Double { get }
  static var weightDecay: Double? { get }

  /// The tensors kept for a weight, in the order of the row.
  func slots(for shape: [Int]) -> [OptimizerSlot]

  /// The row and its numbers.
  func step(at moment: OptimizerMoment) -> ck_optimizer_step

  /// The factor of the momenta's product at a step, numbered from 1; `nil` if the rule does not keep the product.
  func momentum(at step: Double) -> Double?

  /// The rule itself, if a row is only a part of it.
  var tensorRule: (any TensorOptimizerRule)? { get }
}

extension OptimizerRule {
  package var tensorRule: (any TensorOptimizerRule)? { nil }
  package static var learningRate: Double { 0.001 }
  package static var weightDecay: Double? { nil }
  package func momentum(at step: Double) -> Double? { nil }
}

/// A rule that consists of more than a row.
package protocol TensorOptimizerRule: OptimizerRule {
  /// Changes a weight by its gradient, which may be overwritten.
  /// - Parameter step: the row's step, including the preceding changes of gradient and weight.
  func update<Scalar: RealScalar>(
    _ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, slots: inout [Tensor<Scalar>],
    _ step: ck_optimizer_step, at moment: OptimizerMoment)
}

extension TensorOptimizerRule {
  package var tensorRule: (any TensorOptimizerRule)? { self }
}

/// The state of training at a step.
package struct OptimizerMoment: Sendable {
  package var learningRate = 0.0
  /// The number of the step, from 1.
  package var number = 1.0
  /// The product of the momenta of all steps, including this one.
  package var momentumProduct = 1.0
}

/// A tensor kept for a weight.
package struct OptimizerSlot: Sendable {
  package let shape: [Int]
  package let beginning: Beginning

  package enum Beginning: Sendable {
    case number(Double)
    /// The weight before the first step.
    case weight
  }

  init(_ shape: [Int], _ beginning: Beginning = .number(0)) {
    self.shape = shape
    self.beginning = beginning
  }
}

extension Tensor where Scalar: RealScalar {
  /// Applies a step's changes of a gradient that precede its rule.
  mutating func limit(by step: ck_optimizer_step) {
    if step.scale != 1 { scale(by: Scalar(step.scale)) }
    if step.limit != .infinity {
      let limit = Scalar(step.limit)
      self = clamped(-limit...limit)
    }
  }
}
