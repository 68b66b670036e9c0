package import CKernels
package import Tensor

/// How gradients change weights: named numbers, and for each step the row of `optimizers.h` that takes them.
package protocol OptimizerRule: Parameterized {
  /// With the defaults.
  init()

  /// Keras's class.
  static var name: String { get }
  /// What it begins with where no other is given.
  static var learningRate: Double { get }
  static var weightDecay: Double? { get }

  /// What is kept for a weight, in the order of the row.
  func slots(for shape: [Int]) -> [OptimizerSlot]

  /// The row and its numbers.
  func step(at moment: OptimizerMoment) -> ck_optimizer_step

  /// What the momenta of all steps are multiplied by at a step, counted from 1; none where nothing is kept of them.
  func momentum(at step: Double) -> Double?

  /// Itself, where a row is only a part of it.
  var tensorRule: (any TensorOptimizerRule)? { get }
}

extension OptimizerRule {
  package var tensorRule: (any TensorOptimizerRule)? { nil }
  package static var learningRate: Double { 0.001 }
  package static var weightDecay: Double? { nil }
  package func momentum(at step: Double) -> Double? { nil }
}

/// A rule of which a row is only a part.
package protocol TensorOptimizerRule: OptimizerRule {
  /// Changes a weight by its gradient, which may be overwritten.
  /// - Parameter step: that of the row, with what is done to gradient and weight before.
  func update<Scalar: RealScalar>(
    _ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, slots: inout [Tensor<Scalar>],
    _ step: ck_optimizer_step, at moment: OptimizerMoment)
}

extension TensorOptimizerRule {
  package var tensorRule: (any TensorOptimizerRule)? { self }
}

/// Where training stands.
package struct OptimizerMoment: Sendable {
  package var learningRate = 0.0
  /// Counted from 1.
  package var number = 1.0
  /// What the momenta of all steps have multiplied to, this step's included.
  package var momentumProduct = 1.0
}

/// A tensor that is kept for a weight.
package struct OptimizerSlot: Sendable {
  package let shape: [Int]
  package let beginning: Beginning

  package enum Beginning: Sendable {
    case number(Double)
    /// The weight as it is before the first step.
    case weight
  }

  init(_ shape: [Int], _ beginning: Beginning = .number(0)) {
    self.shape = shape
    self.beginning = beginning
  }
}

extension Tensor where Scalar: RealScalar {
  /// What a step does to a gradient before its rule.
  mutating func limit(by step: ck_optimizer_step) {
    if step.scale != 1 { scale(by: Scalar(step.scale)) }
    if step.limit != .infinity {
      let limit = Scalar(step.limit)
      self = clamped(-limit...limit)
    }
  }
}
