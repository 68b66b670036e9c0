internal import Tensor

/// Elements minus their mean, divided by their standard deviation, along axes: normalisation without weights.
///
///     n = (x - mean) · inverse,   inverse = 1 / √(variance + epsilon)
///
/// Without centring, the mean counts as 0: n = x / √(mean of x² + epsilon).
struct StandardScores<Scalar: RealScalar> {
  /// The axes, numbered from the front.
  let axes: [Int]
  let epsilon: Double
  var isCentred = true

  /// The scores of x with its own mean and variance, whose reduced axes have length 1.
  func standardized(
    _ x: Tensor<Scalar>, _ context: Context<Scalar>
  ) -> (scores: Tensor<Scalar>, mean: Tensor<Scalar>?, variance: Tensor<Scalar>, inverse: Tensor<Scalar>) {
    var scores = context.tensor(x.shape)
    var mean: Tensor<Scalar>?
    if isCentred {
      let centre = x.mean(axis: axes, keepDimensions: true)
      scores.assign(differenceOf: x, centre)
      mean = centre
    }
    let variance = (isCentred ? scores : x).meanOfSquares(axis: axes)
    let sum = variance + Scalar(epsilon)
    guard sum.holdsSafeSquares else { return rescaled(x, scores, sum.rescaling) }
    let inverse = sum.reciprocalSquareRoot()
    if isCentred { scores *= inverse } else { scores.assign(productOf: x, inverse) }
    return (scores, mean, variance, inverse)
  }

  /// The scores of numbers whose squares leave the range of the type, computed from the numbers times `factors`.
  private func rescaled(
    _ x: Tensor<Scalar>, _ memory: consuming Tensor<Scalar>, _ factors: Tensor<Scalar>
  ) -> (scores: Tensor<Scalar>, mean: Tensor<Scalar>?, variance: Tensor<Scalar>, inverse: Tensor<Scalar>) {
    var scores = memory
    scores.assign(productOf: x, factors)
    var mean: Tensor<Scalar>?
    if isCentred {
      let centre = scores.mean(axis: axes, keepDimensions: true)
      scores -= centre
      mean = centre / factors
    }
    let variance = scores.meanOfSquares(axis: axes)
    let inverse = (variance + Scalar(epsilon) * factors * factors).reciprocalSquareRoot()
    scores *= inverse
    return (scores, mean, variance / factors / factors, inverse * factors)
  }

  func inverse(of variance: Tensor<Scalar>) -> Tensor<Scalar> { (variance + Scalar(epsilon)).reciprocalSquareRoot() }

  /// The scores with a given mean, in existing memory.
  func scores(
    of x: Tensor<Scalar>, _ mean: Tensor<Scalar>, _ inverse: Tensor<Scalar>, _ context: Context<Scalar>
  ) -> Tensor<Scalar> {
    var scores = context.tensor(x.shape)
    scores.assign(differenceOf: x, mean)
    scores *= inverse
    return scores
  }

  /// The gradient with respect to x from that with respect to the scores, in the scores' memory unless there are other
  /// references to it: (upstream - shift - scores · slope) · inverse.
  /// - Parameter slope: the mean of upstream · scores along the axes.
  /// - Parameter shift: the mean of upstream along the axes; `nil` without centring.
  ///
  /// Source: Ioffe, Szegedy, arXiv:1502.03167, section 3, with the sums over elements combined.
  func gradient(
    _ upstream: consuming Tensor<Scalar>, slope: Tensor<Scalar>, shift: Tensor<Scalar>?,
    scores: consuming Tensor<Scalar>, inverse: Tensor<Scalar>, _ context: Context<Scalar>
  ) -> Tensor<Scalar> {
    var gradient = scores
    gradient *= -slope
    gradient += upstream
    if let shift { gradient -= shift }
    gradient *= inverse
    context.recycle(upstream)
    return gradient
  }
}
