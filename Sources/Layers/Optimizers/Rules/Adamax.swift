package import CKernels

/// Adam with the largest of decaying magnitudes in the place of the root of mean squares.
package struct Adamax: MomentRule {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-7

  package init() {}

  package static var name: String { "Adamax" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.beta1, .halfOpenUnit), .number("beta2", \.beta2, .halfOpenUnit),
      .number("epsilon", \.epsilon, .nonnegative),
    ]
  }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    ck_adamax_step(
      .init(
        rate: moment.learningRate / correctionOfMeans(moment), first_share: 1 - beta1, beta2: beta2, epsilon: epsilon))
  }
}

extension Optimizer {
  /// Adam with the largest of decaying magnitudes in the place of the root of mean squares.
  public static func adamax(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    Self(Adamax(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate)
  }
}
