package import CKernels

/// Follow the regularized leader.
package struct Ftrl: OptimizerRule {
  package var learningRatePower = -0.5
  package var initialAccumulatorValue = 0.1
  package var l1 = 0.0
  package var l2 = 0.0
  package var l2Shrinkage = 0.0
  package var beta = 0.0

  package init() {}

  package static var name: String { "Ftrl" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("learningRatePower", \.learningRatePower, .nonpositive),
      .number("initialAccumulatorValue", \.initialAccumulatorValue, .nonnegative),
      .number("l1", \.l1, .nonnegative), .number("l2", \.l2, .nonnegative),
      .number("l2Shrinkage", \.l2Shrinkage, .nonnegative), .number("beta", \.beta, .nonnegative),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] {
    [OptimizerSlot(shape, .number(initialAccumulatorValue)), OptimizerSlot(shape)]
  }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let ridge = 2 * (l2 + beta / (2 * moment.learningRate))
    let inverse = 1 / moment.learningRate
    return learningRatePower == -0.5
      ? ck_ftrl_step(.init(inverse_rate: inverse, shrinkage: 2 * l2Shrinkage, ridge: ridge, lasso: l1))
      : ck_ftrl_power_step(
        .init(
          inverse_rate: inverse, shrinkage: 2 * l2Shrinkage, ridge: ridge, lasso: l1, exponent: -learningRatePower))
  }
}

extension Optimizer {
  /// Follow the regularized leader.
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter learningRatePower: at most 0; the other parameters are at least 0.
  /// - Parameter initialAccumulatorValue: the initial value of the sums of squares.
  /// - Parameter l1: the factor of magnitudes.
  /// - Parameter l2: the factor of squares.
  /// - Parameter l2Shrinkage: the factor of squares that only affects gradients.
  /// - Parameter beta: smooths the learning rate of each coordinate.
  ///
  /// Source: McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013.
  public static func ftrl(
    learningRate: Schedule = 0.001, learningRatePower: Double = -0.5, initialAccumulatorValue: Double = 0.1,
    l1: Double = 0, l2: Double = 0, l2Shrinkage: Double = 0, beta: Double = 0
  ) -> Self {
    var rule = Ftrl()
    (rule.learningRatePower, rule.initialAccumulatorValue) = (learningRatePower, initialAccumulatorValue)
    (rule.l1, rule.l2, rule.l2Shrinkage, rule.beta) = (l1, l2, l2Shrinkage, beta)
    return Self(rule, learningRate: learningRate)
  }
}
