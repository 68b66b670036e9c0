package import CKernels

/// Gradients divided by the root of the sum of all squares so far.
package struct Adagrad: OptimizerRule {
  package var initialAccumulatorValue = 0.1
  package var epsilon = 1e-7
  /// Keras 2 adds epsilon to the root, Keras 3 to the radicand.
  package var isEpsilonBesideRoot = false

  package init() {}

  package static var name: String { "Adagrad" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("initialAccumulatorValue", \.initialAccumulatorValue, .nonnegative),
      .number("epsilon", \.epsilon, .nonnegative), .any("isEpsilonBesideRoot", \.isEpsilonBesideRoot),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot(shape, .number(initialAccumulatorValue))] }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    isEpsilonBesideRoot
      ? ck_adagrad_keras2_step(.init(rate: moment.learningRate, epsilon: epsilon))
      : ck_adagrad_step(.init(rate: moment.learningRate, epsilon: epsilon))
  }
}

extension Optimizer {
  /// Gradients divided by the root of the sum of all squares so far.
  /// Source: Duchi, Hazan, Singer, "Adaptive subgradient methods", JMLR 12, 2011.
  public static func adagrad(
    learningRate: Schedule = 0.001, initialAccumulatorValue: Double = 0.1, epsilon: Double = 1e-7
  ) -> Self {
    var rule = Adagrad()
    (rule.initialAccumulatorValue, rule.epsilon) = (initialAccumulatorValue, epsilon)
    return Self(rule, learningRate: learningRate)
  }
}
