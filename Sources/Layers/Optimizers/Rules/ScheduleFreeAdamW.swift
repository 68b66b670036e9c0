package import CKernels
internal import Glibc

/// Adam at a base that gradients move, for weights between the base and the mean of all bases: no schedule is needed.
package struct ScheduleFreeAdamW: OptimizerRule {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8
  package var warmupSteps = 0

  package init() {}

  package static var name: String { "ScheduleFreeAdamW" }
  package static var learningRate: Double { 0.0025 }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.beta1, .closedUnit), .number("beta2", \.beta2, .halfOpenUnit),
      .number("epsilon", \.epsilon, .nonnegative), .integer("warmupSteps", \.warmupSteps, 0...Int.max),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot(shape, .weight), OptimizerSlot(shape)] }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let warmth = warmupSteps > 0 ? min(moment.number / Double(warmupSteps), 1) : 1
    let share = 1 / moment.number
    return ck_schedule_free_step(
      .init(
        rate: moment.learningRate * warmth, second_share: 1 - beta2,
        correction: 1 / (1 - pow(beta2, moment.number)), epsilon: epsilon, kept: 1 - share,
        old_share: (1 - share) * (1 - beta1), new_share: 1 - beta1 + beta1 * share))
  }
}

extension Optimizer {
  /// Adam with the mean of all weights so far instead of a schedule.
  ///
  ///     velocity += (1 - beta2) · (gradient² - velocity)
  ///     base -= learningRate · gradient / (√(velocity / (1 - beta2ᵗ)) + epsilon)
  ///     mean += (base - mean) / t
  ///     weight = (1 - beta1) · base + beta1 · mean
  ///
  /// As in Keras, the weight does not change at the end of training.
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter beta1: the mean's share of the weight, in 0...1.
  /// - Parameter beta2: a number of at least 0 and below 1.
  /// - Parameter epsilon: a number of at least 0.
  /// - Parameter warmupSteps: the number of steps in which the learning rate rises linearly; 0 for none.
  ///
  /// Source: Defazio et al., "The road less scheduled", arXiv:2405.15682.
  public static func scheduleFreeAdamW(
    learningRate: Schedule = 0.0025, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    warmupSteps: Int = 0
  ) -> Self {
    var rule = ScheduleFreeAdamW()
    (rule.beta1, rule.beta2, rule.epsilon, rule.warmupSteps) = (beta1, beta2, epsilon, warmupSteps)
    return Self(rule, learningRate: learningRate)
  }
}
