import Tensor

/// The mean magnitude of the cosines between the rows of a matrix, and its gradient.
struct OrthogonalPenalty<Scalar: RealScalar> {
  private let factor: Double
  private let mode: OrthogonalRegularizerMode
  /// The rows, or columns, scaled to length 1.
  private let directions: Tensor<Scalar>
  private let reciprocalLengths: Tensor<Scalar>
  /// The cosines between different rows.
  private let cosines: Tensor<Scalar>

  init(_ regularizer: OrthogonalRegularizer, _ x: Tensor<Scalar>) {
    require(x.rank == 2, "OrthogonalRegularizer: values of the shape \(x.shape); allowed: shapes of rank 2")
    factor = regularizer.factor
    mode = regularizer.mode
    let rows = mode == .rows ? x : x.transposed
    // As in Keras, shorter rows are divided by 1e-7.
    let squares = rows.squared().sum(axis: 1, keepDimensions: true).clamped(1e-14...)
    reciprocalLengths = squares.squareRoot().reciprocal()
    directions = rows * reciprocalLengths
    let others = 1 - Tensor<Scalar>.identity(rows.shape[0])
    cosines = directions.matmul(directions.transposed) * others
  }

  private var pairs: Double { Double(cosines.shape[0] * (cosines.shape[0] - 1)) / 2 }

  var value: Double {
    pairs == 0 ? 0 : factor * 0.5 * Double(cosines.norm(.one).scalar) / pairs
  }

  var gradient: Tensor<Scalar> {
    if pairs == 0 { return .zeros(mode == .rows ? directions.shape : directions.transposed.shape) }
    let byDirections = cosines.sign().matmul(directions) * Scalar(factor / pairs)
    // A row's length has no effect, unless it was too short to be normalised.
    let along = (byDirections * directions).sum(axis: 1, keepDimensions: true)
    let isNormalised = reciprocalLengths .< Scalar(1e7)
    let across = byDirections - directions * Tensor.where(isNormalised, along, .zeros(along.shape))
    let gradient = across * reciprocalLengths
    return mode == .rows ? gradient : gradient.transposed
  }
}
