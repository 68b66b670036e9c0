package import CKernels

/// The sign of a mean gradient times the learning rate.
package struct Lion: OptimizerRule {
  package var beta1 = 0.9
  package var beta2 = 0.99

  package init() {}

  package static var name: String { "Lion" }
  package static var parameters: [Parameter<Self>] {
    [.number("beta1", \.beta1, .upperUnit), .number("beta2", \.beta2, .closedUnit)]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot(shape)] }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    ck_lion_step(
      .init(
        rate: moment.learningRate, beta1: beta1, beta2: beta2, first_share: 1 - beta1, second_share: 1 - beta2))
  }
}

extension Optimizer {
  /// The sign of a mean gradient times the learning rate, which should be smaller than Adam's.
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter beta1: a number above 0 and up to 1.
  /// - Parameter beta2: a number in 0...1.
  ///
  /// Source: Chen et al., "Symbolic discovery of optimization algorithms", arXiv:2302.06675.
  public static func lion(learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.99) -> Self {
    var rule = Lion()
    (rule.beta1, rule.beta2) = (beta1, beta2)
    return Self(rule, learningRate: learningRate)
  }
}
