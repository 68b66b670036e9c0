internal import Tensor

/// Elements less their mean, divided by their standard deviation, along axes: normalisation without weights.
///
///     n = (x - mean) · inverse,   inverse = 1 / √(variance + epsilon)
///
/// Without centring, the mean is taken as 0: n = x / √(mean of x² + epsilon).
struct StandardScores<Scalar: RealScalar> {
  /// Counted from the front.
  let axes: [Int]
  let epsilon: Double
  var isCentred = true

  /// Of the axes' elements, with the axes kept as 1.
  struct Statistics {
    var mean: Tensor<Scalar>?
    var variance: Tensor<Scalar>
  }

  func statistics(of x: Tensor<Scalar>) -> Statistics {
    if !isCentred { return Statistics(variance: x.squared().mean(axis: axes, keepDimensions: true)) }
    return Statistics(
      mean: x.mean(axis: axes, keepDimensions: true), variance: x.variance(axis: axes, keepDimensions: true))
  }

  func inverse(of variance: Tensor<Scalar>) -> Tensor<Scalar> { (variance + Scalar(epsilon)).reciprocalSquareRoot() }

  /// The scores in memory of the pass.
  func scores(
    of x: Tensor<Scalar>, _ mean: Tensor<Scalar>?, _ inverse: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var scores = pass.tensor(x.shape)
    guard let mean else {
      scores.assign(productOf: x, inverse)
      return scores
    }
    scores.assign(differenceOf: x, mean)
    scores *= inverse
    return scores
  }

  /// The gradient by x from that by the scores, in the scores' memory unless others hold it:
  /// (upstream - shift - scores · slope) · inverse.
  /// - Parameter slope: the mean of upstream · scores along the axes.
  /// - Parameter shift: the mean of upstream along the axes, none without centring.
  ///
  /// Source: Ioffe, Szegedy, arXiv:1502.03167, section 3, with the sums over single elements gathered.
  func gradient(
    _ upstream: consuming Tensor<Scalar>, slope: Tensor<Scalar>, shift: Tensor<Scalar>?,
    scores: consuming Tensor<Scalar>, inverse: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    var gradient = scores
    gradient *= -slope
    gradient += upstream
    if let shift { gradient -= shift }
    gradient *= inverse
    pass.recycle(upstream)
    return gradient
  }
}
