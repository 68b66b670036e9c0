package import CKernels
internal import Glibc
package import Tensor

/// Gradients divided by the root of the mean of their squares, which are kept for rows and columns instead of elements.
package struct Adafactor: TensorOptimizerRule {
  package var beta2Decay = -0.8
  /// The number added to squares of gradients.
  package var epsilon1 = 1e-30
  /// The least magnitude of a weight by which a step is scaled.
  package var epsilon2 = 1e-3
  package var clipThreshold = 1.0
  /// Kept for files: the step decreases with the root of the number of steps either way.
  package var relativeStep = true

  package init() {}

  package static var name: String { "Adafactor" }
  package static var parameters: [Parameter<Self>] {
    [
      .number("beta2Decay", \.beta2Decay, .nonpositive), .number("epsilon1", \.epsilon1, .nonnegative),
      .number("epsilon2", \.epsilon2, .nonnegative), .number("clipThreshold", \.clipThreshold, .positive),
      .any("relativeStep", \.relativeStep),
    ]
  }

  /// The means of rows and of columns of a weight with both, and the squares that follow from them, or all squares.
  package func slots(for shape: [Int]) -> [OptimizerSlot] {
    guard shape.count >= 2 else { return [OptimizerSlot(shape)] }
    let rows = Array(shape.dropLast())
    return [OptimizerSlot(rows), OptimizerSlot(rows.dropLast() + [shape[shape.count - 1]]), OptimizerSlot(shape)]
  }

  private func kept(_ moment: OptimizerMoment) -> Double { 1 - pow(moment.number, beta2Decay) }

  /// The step of a weight without rows and columns.
  package func step(at moment: OptimizerMoment) -> ck_optimizer_step {
    let kept = kept(moment)
    return ck_adafactor_direction_step(.init(kept: kept, share: 1 - kept, epsilon: epsilon1))
  }

  /// The direction is written to the gradient's memory.
  package func update<Scalar: RealScalar>(
    _ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, slots: inout [Tensor<Scalar>],
    _ step: ck_optimizer_step, at moment: OptimizerMoment
  ) {
    if value.rank < 2 {
      var forDirection = step
      forDirection.decay = 0
      Tensor.optimize(forDirection, &gradient, gradient: nil, slots: &slots)
    } else {
      gradient.limit(by: step)
      factor(gradient, &slots, kept: kept(moment))
      gradient /= slots[2].squareRoot()
    }
    func root(_ x: Tensor<Scalar>) -> Double { (x.sumOfSquares / Double(max(x.count, 1))).squareRoot() }
    let size = max(epsilon2, root(value) * abs(1 + step.decay))
    let rate = size * min(moment.learningRate, 1 / moment.number.squareRoot())
    var descent = ck_descent_step(.init(rate: rate / max(1, root(gradient) / clipThreshold)))
    descent.decay = step.decay
    Tensor.optimize(descent, &value, gradient: gradient)
  }

  private func factor<Scalar: RealScalar>(_ gradient: Tensor<Scalar>, _ slots: inout [Tensor<Scalar>], kept: Double) {
    let squares = gradient.squared() + Scalar(epsilon1)
    for (slot, axis) in [(0, -1), (1, -2)] {
      slots[slot].scale(by: Scalar(kept))
      slots[slot].add(squares.mean(axis: axis), scaledBy: Scalar(1 - kept))
    }
    let rows = slots[0] / slots[0].mean(axis: -1, keepDimensions: true)
    slots[2] = rows.expanded(axis: -1) * slots[1].expanded(axis: -2)
  }
}

extension Optimizer {
  /// Divides gradients by the root of the mean of their squares, of which only the means of rows and columns are kept,
  /// and takes steps in proportion to the weight: an optimizer for large matrices.
  ///
  /// Weights of rank 2 or more are factored along their last two axes; others keep all squares. The length of a step is
  /// the weight's root mean square times the learning rate, and decreases with the root of the number of steps.
  /// - Parameter learningRate: the step size, fixed or scheduled.
  /// - Parameter beta2Decay: at most 0; determines how the mean of squares slows down.
  /// - Parameter epsilon1: the number, at least 0, that is added to squares.
  /// - Parameter epsilon2: the least magnitude, at least 0, of a weight that scales a step.
  /// - Parameter clipThreshold: the largest root mean square, above 0, of a step before it is scaled.
  /// - Complexity: O(*n*) per step, with tensors of the weight's size.
  ///
  /// Source: Shazeer, Stern, "Adafactor: adaptive learning rates with sublinear memory cost", arXiv:1804.04235.
  public static func adafactor(
    learningRate: Schedule = 0.001, beta2Decay: Double = -0.8, epsilon1: Double = 1e-30, epsilon2: Double = 1e-3,
    clipThreshold: Double = 1
  ) -> Self {
    var rule = Adafactor()
    (rule.beta2Decay, rule.clipThreshold) = (beta2Decay, clipThreshold)
    (rule.epsilon1, rule.epsilon2) = (epsilon1, epsilon2)
    return Self(rule, learningRate: learningRate)
  }
}
