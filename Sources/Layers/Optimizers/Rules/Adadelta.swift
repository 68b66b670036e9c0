package import CKernels

/// Gradients times the ratio of the root mean squares of steps and gradients.
package struct Adadelta: OptimizerRule {
  package var rho = 0.95
  package var epsilon = 1e-7

  package init() {}

  package static var name: String { "Adadelta" }
  package static var parameters: [Parameter<Self>] {
    [.number("rho", \.rho, .closedUnit), .number("epsilon", \.epsilon, .nonnegative)]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot(shape), OptimizerSlot(shape)] }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    ck_adadelta_step(.init(rate: moment.learningRate, rho: rho, share: 1 - rho, epsilon: epsilon))
  }
}

extension Optimizer {
  /// Gradients times the ratio of the root mean squares of steps and gradients. The paper's learning rate is 1.
  /// Source: Zeiler, "ADADELTA", arXiv:1212.5701.
  public static func adadelta(learningRate: Schedule = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7) -> Self {
    var rule = Adadelta()
    (rule.rho, rule.epsilon) = (rho, epsilon)
    return Self(rule, learningRate: learningRate)
  }
}
