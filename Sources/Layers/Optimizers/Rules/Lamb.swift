package import CKernels
package import Tensor

/// Adam's direction with the length of the weight it changes.
package struct Lamb: MomentRule, TensorOptimizerRule {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-7

  package init() {}

  package static var name: String { "Lamb" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.beta1, .halfOpenUnit), .number("beta2", \.beta2, .halfOpenUnit),
      .number("epsilon", \.epsilon, .nonnegative),
    ]
  }

  /// Returns the direction; its length depends on it and the weight.
  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    ck_lamb_direction_step(
      .init(
        mean_correction: 1 / correctionOfMeans(moment), first_share: 1 - beta1, second_share: 1 - beta2,
        epsilon: epsilon, correction: 1 / correctionOfSquares(moment)))
  }

  /// The direction is written to the gradient's memory.
  package func update<Scalar: RealScalar>(
    _ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, slots: inout [Tensor<Scalar>],
    _ step: ck_optimizer_step, at moment: OptimizerMoment
  ) {
    var forDirection = step
    forDirection.decay = 0
    Tensor.optimize(forDirection, &gradient, gradient: nil, slots: &slots)
    let weightNorm = value.sumOfSquares.squareRoot() * abs(1 + step.decay)
    let norm = gradient.sumOfSquares.squareRoot()
    let ratio = weightNorm > 0 && norm > 0 ? weightNorm / norm : 1
    var descent = ck_descent_step(.init(rate: ratio * moment.learningRate))
    descent.decay = step.decay
    Tensor.optimize(descent, &value, gradient: gradient)
  }
}

extension Optimizer {
  /// Adam's direction with the length of the weight it changes.
  /// Source: You et al., "Large batch optimization for deep learning", arXiv:1904.00962.
  public static func lamb(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    Self(Lamb(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate)
  }
}
