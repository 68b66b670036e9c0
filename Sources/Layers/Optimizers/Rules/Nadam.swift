package import CKernels
internal import Glibc

/// Adam with Nesterov's momentum, which warms up.
package struct Nadam: MomentRule {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-7
  /// The speed at which the momentum warms up, which differs in Keras 2.
  package var scheduleDecay = 1.0

  package init() {}

  package static var name: String { "Nadam" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.beta1, .halfOpenUnit), .number("beta2", \.beta2, .halfOpenUnit),
      .number("epsilon", \.epsilon, .nonnegative), .number("scheduleDecay", \.scheduleDecay, .nonnegative),
    ]
  }

  package func momentum(at step: Double) -> Double? { warmedUp(step) }

  private func warmedUp(_ step: Double) -> Double { beta1 * (1 - 0.5 * pow(0.96, scheduleDecay * step)) }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let nextMomentum = warmedUp(moment.number + 1)
    let nextProduct = moment.momentumProduct * nextMomentum
    return ck_nadam_step(
      .init(
        mean_rate: moment.learningRate * nextMomentum / (1 - nextProduct), first_share: 1 - beta1,
        second_share: 1 - beta2,
        gradient_rate: moment.learningRate * (1 - warmedUp(moment.number)) / (1 - moment.momentumProduct),
        epsilon: epsilon, correction: 1 / correctionOfSquares(moment)))
  }
}

extension Optimizer {
  /// Adam with Nesterov's momentum, which warms up.
  /// Source: Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
  public static func nadam(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) -> Self {
    Self(Nadam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate)
  }
}
