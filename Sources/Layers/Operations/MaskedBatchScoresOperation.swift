internal import Tensor

/// Normalises every channel by the mean and variance of the batch's unmasked elements, and updates moving statistics.
/// Operands: x, moving mean, moving variance, gamma, beta, the mask.
///
///     mean = Σ m x / N,   variance = Σ m (x - mean)² / N,   N = Σ m + 1e-7
struct MaskedBatchScoresOperation<Scalar: RealScalar>: TensorOperation {
  /// The axis of channels, numbered from the batch axis.
  let axis: Int
  let scores: StandardScores<Scalar>
  let scaling: Scaling
  let momentum: Double
  /// Keras's value, which makes the mean 0 in a batch without unmasked elements.
  private var addition: Scalar { 1e-7 }

  struct Residual {
    let scores, inverse, mean, count: Tensor<Scalar>
    let mask: Tensor<Bool>
  }

  private struct Statistics {
    var mean, variance, inverse: Tensor<Scalar>
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let mask = context.mask(context.operandCount - 1).expandedBehind(to: x.rank)
    let count =
      mask.broadcast(to: x.shape).countTrue(axis: scores.axes, keepDimensions: true).cast(to: Scalar.self) + addition
    let statistics = statistics(x, mask, count)
    let values = scores.scores(of: x, statistics.mean, statistics.inverse, context)
    context.give(scaling.output(of: values, isKept: true, 3, axes: [axis], context))
    context.move(operand: 1, to: statistics.mean, momentum)
    context.move(operand: 2, to: statistics.variance, momentum)
    return Residual(
      scores: values, inverse: statistics.inverse, mean: statistics.mean, count: count, mask: mask)
  }

  /// - Parameter factors: the factors of numbers whose squares leave the range of the type.
  private func statistics(
    _ x: Tensor<Scalar>, _ mask: Tensor<Bool>, _ count: Tensor<Scalar>, factors: Tensor<Scalar>? = nil
  ) -> Statistics {
    let scaled = factors.map { x * $0 } ?? x
    func mean(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
      Tensor.where(mask, x, Tensor(0)).sum(axis: scores.axes, keepDimensions: true) / count
    }
    let centre = mean(scaled)
    let variance = mean((scaled - centre).squared())
    guard let factors else {
      let sum = variance + Scalar(scores.epsilon)
      if !sum.holdsSafeSquares { return statistics(x, mask, count, factors: sum.rescaling) }
      return Statistics(mean: centre, variance: variance, inverse: sum.reciprocalSquareRoot())
    }
    let inverse = (variance + Scalar(scores.epsilon) * factors * factors).reciprocalSquareRoot()
    return Statistics(mean: centre / factors, variance: variance / factors / factors, inverse: inverse * factors)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    let upstream = context.upstream()
    let slopes = (upstream * residual.scores).sum(axis: scores.axes, keepDimensions: true)
    let shifts = upstream.sum(axis: scores.axes, keepDimensions: true)
    scaling.give(slopes: slopes.flattened, shifts: shifts.flattened, 3, context)
    guard context.needsGradient(of: 0) else { return }
    let (count, inverse) = (residual.count, residual.inverse)
    // The normalised numbers depend on the unmasked ones through mean and variance, and, because of the number added to
    // the count, the variance depends slightly on the mean.
    let ofVariance = slopes / count
    let ofMean = (shifts - residual.mean * inverse * ofVariance * addition) / count
    let counted = Tensor.where(residual.mask, residual.scores * ofVariance + ofMean, Tensor(0))
    let factor = scaling.hasGamma ? inverse * context.operand(3).along([axis], rank: upstream.rank) : inverse
    context.give((upstream - counted) * factor, of: 0)
  }
}
