package import CKernels
internal import Glibc

/// Means of gradients divided by the root of the means of their squares.
package struct Adam: MomentRule {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-7
  package var amsgrad = false

  package init() {}

  package static var name: String { "Adam" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.beta1, .halfOpenUnit), .number("beta2", \.beta2, .halfOpenUnit),
      .number("epsilon", \.epsilon, .nonnegative), .any("amsgrad", \.amsgrad),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] {
    [OptimizerSlot](repeating: OptimizerSlot(shape), count: amsgrad ? 3 : 2)
  }

  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let rate = moment.learningRate * correctionOfSquares(moment).squareRoot() / correctionOfMeans(moment)
    return amsgrad
      ? ck_adam_amsgrad_step(
        .init(rate: rate, first_share: 1 - beta1, second_share: 1 - beta2, epsilon: epsilon))
      : ck_adam_step(.init(rate: rate, first_share: 1 - beta1, second_share: 1 - beta2, epsilon: epsilon))
  }
}

/// Adam with weights that decay.
package struct AdamW: OptimizerRule {
  package var adam = Adam()

  package init() {}

  package static var name: String { "AdamW" }
  package static var weightDecay: Double? { 0.004 }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta1", \.adam.beta1, .halfOpenUnit), .number("beta2", \.adam.beta2, .halfOpenUnit),
      .number("epsilon", \.adam.epsilon, .nonnegative), .any("amsgrad", \.adam.amsgrad),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { adam.slots(for: shape) }
  package func step(at moment: OptimizerMoment) -> ck_optimizer_step { adam.step(at: moment) }
}

/// A rule that keeps means of gradients and of their squares, both of which start at 0 and are corrected for it.
protocol MomentRule: OptimizerRule {
  var beta1: Double { get set }
  var beta2: Double { get set }
  var epsilon: Double { get set }
}

extension MomentRule {
  init(beta1: Double, beta2: Double, epsilon: Double) {
    self.init()
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
  }

  /// The divisor of means.
  func correctionOfMeans(_ moment: OptimizerMoment) -> Double { 1 - pow(beta1, moment.number) }
  func correctionOfSquares(_ moment: OptimizerMoment) -> Double { 1 - pow(beta2, moment.number) }

  package func slots(for shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot(shape), OptimizerSlot(shape)] }
}

extension Optimizer {
  /// Means of gradients divided by the root of the means of their squares.
  ///
  ///     momentum += (1 - beta1) · (gradient - momentum)
  ///     velocity += (1 - beta2) · (gradient² - velocity)
  ///     weight -= learningRate · √(1 - beta2ᵗ) / (1 - beta1ᵗ) · momentum / (√velocity + epsilon)
  ///
  /// With amsgrad, the divisor is the largest velocity so far. As in Keras, and unlike PyTorch, epsilon is not
  /// corrected for the first steps.
  /// - Parameters:
  ///   - learningRate: the step size, fixed or scheduled.
  ///   - beta1: a number of at least 0 and below 1.
  ///   - beta2: a number of at least 0 and below 1.
  ///   - epsilon: a number of at least 0.
  ///   - amsgrad: whether the largest velocity so far divides.
  ///
  /// Source: Kingma, Ba, "Adam", arXiv:1412.6980; Reddi, Kale, Kumar, "On the convergence of Adam and beyond", ICLR 2018.
  public static func adam(
    learningRate: Schedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    amsgrad: Bool = false
  ) -> Self {
    var rule = Adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
    rule.amsgrad = amsgrad
    return Self(rule, learningRate: learningRate)
  }

  /// ``adam(learningRate:beta1:beta2:epsilon:amsgrad:)`` with weights that decay.
  /// Source: Loshchilov, Hutter, "Decoupled weight decay regularization", arXiv:1711.05101.
  public static func adamW(
    learningRate: Schedule = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, amsgrad: Bool = false
  ) -> Self {
    var rule = AdamW()
    rule.adam = Adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
    rule.adam.amsgrad = amsgrad
    return Self(rule, learningRate: learningRate).with(weightDecay: weightDecay)
  }
}
