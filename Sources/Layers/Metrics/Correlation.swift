import Tensor

/// The correlation of predictions and targets along the last axis, one value per row.
enum Correlation {
  /// The covariance divided by both standard deviations.
  case pearson
  /// Twice the covariance, divided by the sum of both variances and the square of the distance of the means.
  case concordance

  /// In double: sums of numbers near the largest do not overflow.
  func values<Scalar: RealScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) -> Tensor<Double> {
    let (p, y) = (prediction.cast(to: Double.self), target.cast(to: Double.self))
    let (meanP, meanY) = (p.mean(axis: -1, keepDimensions: true), y.mean(axis: -1, keepDimensions: true))
    let (fromP, fromY) = (p - meanP, y - meanY)
    let covariance = (fromP * fromY).mean(axis: -1)
    let (varianceP, varianceY) = (fromP.squared().mean(axis: -1), fromY.squared().mean(axis: -1))
    switch self {
    case .pearson: return covariance / (varianceP.squareRoot() * varianceY.squareRoot())
    case .concordance:
      let distance = (meanP - meanY).reshaped(covariance.shape).squared()
      return 2 * covariance / (varianceP + varianceY + distance + 1e-7)
    }
  }
}
