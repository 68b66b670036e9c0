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
  /// Adam with the mean of all weights so far in the place of a schedule.
  ///
  ///     velocity += (1 - beta2) · (gradient² - velocity)
  ///     base -= learningRate · gradient / (√(velocity / (1 - beta2ᵗ)) + epsilon)
  ///     mean += (base - mean) / t
  ///     weight = (1 - beta1) · base + beta1 · mean
  ///
  /// As in Keras, the weight stays what it is when training is over.
  /// - Parameter learningRate: how far a step goes: a number or a schedule.
  /// - Parameter beta1: from 0 to 1, the mean's part of the weight.
  /// - Parameter beta2: from 0 on, below 1.
  /// - Parameter epsilon: from 0 on.
  /// - Parameter warmupSteps: in how many steps the learning rate rises in a straight line; none: 0.
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
