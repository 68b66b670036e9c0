package import CKernels

/// Gradients divided by the root of their mean square.
package struct RMSprop: OptimizerRule {
  package var rho = 0.9
  package var momentum = 0.0
  package var epsilon = 1e-7
  package var centered = false
  /// Keras 2 adds epsilon to the root, Keras 3 to the radicand.
  package var isEpsilonBesideRoot = false

  package init() {}

  package static var name: String { "RMSprop" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("rho", \.rho, .closedUnit), .number("momentum", \.momentum, .closedUnit),
      .number("epsilon", \.epsilon, .nonnegative), .any("centered", \.centered),
      .any("isEpsilonBesideRoot", \.isEpsilonBesideRoot),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] {
    [OptimizerSlot](repeating: OptimizerSlot(shape), count: 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0))
  }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let (rate, share) = (moment.learningRate, 1 - rho)
    // With momentum, Keras 2 adds epsilon to the radicand too.
    switch (momentum > 0, centered) {
    case (false, false) where isEpsilonBesideRoot:
      return ck_rms_keras2_step(.init(rate: rate, rho: rho, share: share, epsilon: epsilon))
    case (false, false):
      return ck_rms_step(.init(rate: rate, rho: rho, share: share, epsilon: epsilon))
    case (true, false):
      return ck_rms_momentum_step(.init(rate: rate, rho: rho, share: share, kept: momentum, epsilon: epsilon))
    case (false, true) where isEpsilonBesideRoot:
      return ck_rms_centered_keras2_step(.init(rate: rate, rho: rho, share: share, epsilon: epsilon))
    case (false, true):
      return ck_rms_centered_step(.init(rate: rate, rho: rho, share: share, epsilon: epsilon))
    case (true, true):
      return ck_rms_centered_momentum_step(
        .init(rate: rate, rho: rho, share: share, kept: momentum, epsilon: epsilon))
    }
  }
}

extension Optimizer {
  /// Gradients divided by the root of their mean square.
  ///
  ///     velocity = rho · velocity + (1 - rho) · gradient²
  ///     weight -= learningRate · gradient / √(velocity + epsilon)
  ///
  /// With momentum, steps accumulate as `step = momentum · step + …`. If `centered`, the square of the mean gradient is
  /// subtracted from the velocity.
  /// - Parameters:
  ///   - learningRate: the step size, fixed or scheduled.
  ///   - rho: a number in 0...1.
  ///   - momentum: a number in 0...1.
  ///   - epsilon: a number of at least 0.
  ///   - centered: whether the square of the mean gradient is subtracted.
  ///
  /// Source: Tieleman, Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; Graves, arXiv:1308.0850.
  public static func rmsprop(
    learningRate: Schedule = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
    centered: Bool = false
  ) -> Self {
    var rule = RMSprop()
    (rule.rho, rule.momentum, rule.epsilon, rule.centered) = (rho, momentum, epsilon, centered)
    return Self(rule, learningRate: learningRate)
  }
}
