package import CKernels
internal import Glibc
package import Tensor

/// Momentum of matrices made orthogonal; Adam for everything else.
package struct Muon: TensorOptimizerRule {
  package var adam = Adam()
  package var adamWeightDecay: Double? = 0.004
  /// The ratio of Adam's learning rate to that of matrices.
  package var adamRateRatio = 1.0
  package var momentum = 0.95
  package var nesterov = true
  /// The number of Newton-Schulz iterations that make a matrix orthogonal, and their polynomial.
  package var iterations = 5
  package var a = 3.4445
  package var b = -4.7750
  package var c = 2.0315
  /// The root mean square of a step; `nil` for that of the orthogonal matrix.
  package var rmsRate: Double? = 0.2

  package init() {}

  package static var name: String { "Muon" }
  package static var weightDecay: Double? { 0.004 }
  package static var parameters: [Parameter<Self>] {
    [
      .number("momentum", \.momentum, .closedUnit), .any("nesterov", \.nesterov),
      .integer("iterations", \.iterations, 0...1000), .number("a", \.a), .number("b", \.b), .number("c", \.c),
      .number("rmsRate", \.rmsRate, .nonnegative), .number("adamBeta1", \.adam.beta1, .halfOpenUnit),
      .number("adamBeta2", \.adam.beta2, .halfOpenUnit), .number("epsilon", \.adam.epsilon, .nonnegative),
      .number("adamWeightDecay", \.adamWeightDecay, .nonnegative),
      .number("adamRateRatio", \.adamRateRatio, .nonnegative),
    ]
  }

  package func slots(for shape: [Int]) -> [OptimizerSlot] {
    shape.count == 2 ? [OptimizerSlot(shape)] : adam.slots(for: shape)
  }

  /// Adam's parameters.
  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    var moment = moment
    moment.learningRate *= adamRateRatio
    return adam.step(at: moment)
  }

  package func update<Scalar: RealScalar>(
    _ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, slots: inout [Tensor<Scalar>],
    _ step: ck_optimizer_step, at moment: OptimizerMoment
  ) {
    guard value.rank == 2 else {
      var step = step
      step.decay = -(adamWeightDecay ?? 0) * moment.learningRate
      Tensor.optimize(step, &value, gradient: gradient, slots: &slots)
      return
    }
    gradient.limit(by: step)
    slots[0].scale(by: Scalar(momentum))
    slots[0].add(gradient, scaledBy: 1)
    if nesterov {
      gradient.add(slots[0], scaledBy: Scalar(momentum))
    } else {
      gradient = slots[0]
    }
    let length = rmsRate.map { $0 * Double(max(value.shape[0], value.shape[1])).squareRoot() } ?? 1
    var descent = ck_descent_step(.init(rate: moment.learningRate * length))
    descent.decay = step.decay
    Tensor.optimize(descent, &value, gradient: orthogonalized(gradient))
  }

  /// An approximation of a matrix's orthogonal factor: its singular values become about 1.
  private func orthogonalized<Scalar: RealScalar>(_ matrix: Tensor<Scalar>) -> Tensor<Scalar> {
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = isTall ? matrix.transposed : matrix
    x = x * Scalar(1 / (matrix.sumOfSquares.squareRoot() + 1e-7))
    for _ in 0..<iterations {
      let square = x.matmul(x.transposed)
      let factor = Scalar(b) * square + Scalar(c) * square.matmul(square)
      x = Scalar(a) * x + factor.matmul(x)
    }
    return isTall ? x.transposed : x
  }
}

extension Optimizer {
  /// Momentum of matrices, made orthogonal by Newton-Schulz iterations; Adam with weight decay for weights of any other rank.
  ///
  ///     momentum = momentum · momentum + gradient
  ///     weight -= learningRate · √(larger length) · rmsRate · orthogonal(momentum)
  ///
  /// The weight decay of matrices is set by ``with(weightDecay:clipping:movingAverage:lossScaleFactor:dynamicLossScale:gradientAccumulationSteps:)``.
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter momentum: a number in 0...1.
  /// - Parameter nesterov: whether Nesterov's momentum is used.
  /// - Parameter iterations: the number of iterations that make a matrix orthogonal.
  /// - Parameter rmsRate: the root mean square of a step relative to the learning rate; `nil` for that of the
  ///   orthogonal matrix.
  /// - Parameter weightDecay: the decay of matrices, at least 0, or `nil`.
  /// - Parameter adamBeta1: Adam's beta1, at least 0 and below 1.
  /// - Parameter adamBeta2: Adam's beta2, at least 0 and below 1.
  /// - Parameter epsilon: Adam's epsilon, at least 0.
  /// - Parameter adamWeightDecay: Adam's weight decay, at least 0, or `nil`.
  /// - Parameter adamRateRatio: Adam's learning rate divided by that of matrices.
  /// - Complexity: for a matrix [m, n], m ≤ n, O(m² n) per iteration and step.
  ///
  /// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; Liu et al., arXiv:2502.16982.
  public static func muon(
    learningRate: Schedule = 0.001, momentum: Double = 0.95, nesterov: Bool = true, iterations: Int = 5,
    rmsRate: Double? = 0.2, weightDecay: Double? = 0.004, adamBeta1: Double = 0.9, adamBeta2: Double = 0.999,
    epsilon: Double = 1e-7, adamWeightDecay: Double? = 0.004, adamRateRatio: Double = 1
  ) -> Self {
    var rule = Muon()
    (rule.momentum, rule.nesterov, rule.iterations, rule.rmsRate) = (momentum, nesterov, iterations, rmsRate)
    rule.adam = Adam(beta1: adamBeta1, beta2: adamBeta2, epsilon: epsilon)
    (rule.adamWeightDecay, rule.adamRateRatio) = (adamWeightDecay, adamRateRatio)
    let optimizer = Self(rule, learningRate: learningRate).with(weightDecay: weightDecay)
    return weightDecay == nil ? Self(optimizer.rule, learningRate: learningRate) : optimizer
  }
}
