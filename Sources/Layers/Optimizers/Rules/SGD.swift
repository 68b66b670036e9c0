package import CKernels

/// Gradients times the learning rate.
package struct SGD: OptimizerRule {
  package var momentum = 0.0
  package var nesterov = false

  package init() {}

  package static var name: String { "SGD" }
  package static var learningRate: Double { 0.01 }
  package static var parameters: [Parameter<Self>] {
    [.number("momentum", \.momentum, .closedUnit), .any("nesterov", \.nesterov)]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { momentum == 0 ? [] : [OptimizerSlot(shape)] }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let rate = moment.learningRate
    if momentum == 0 { return ck_descent_step(.init(rate: rate)) }
    return nesterov
      ? ck_nesterov_step(.init(rate: rate, kept: momentum)) : ck_momentum_step(.init(rate: rate, kept: momentum))
  }
}

extension Optimizer {
  /// Stochastic gradient descent, with momentum if it is above 0.
  ///
  ///     velocity = momentum · velocity - learningRate · gradient
  ///     weight += velocity                                        // nesterov: momentum · velocity - learningRate · gradient
  ///
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter momentum: a number in 0...1.
  /// - Parameter nesterov: whether Nesterov's momentum is used.
  /// - Complexity: O(*n*) per step, one pass; keeps as many numbers as there are weights, or none without momentum.
  public static func sgd(learningRate: Schedule = 0.01, momentum: Double = 0, nesterov: Bool = false) -> Self {
    var rule = SGD()
    (rule.momentum, rule.nesterov) = (momentum, nesterov)
    return Self(rule, learningRate: learningRate)
  }
}
