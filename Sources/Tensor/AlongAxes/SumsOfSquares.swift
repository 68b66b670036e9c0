internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// The sum of the elements' squares in one pass, accumulated in double, with the axes kept as 1.
  package func sumOfSquares(axis: some Axes) -> Tensor {
    reduced(ck_sum_of_squares, axes: resolvedAxes(axis, rank: rank), keepDimensions: true, to: Scalar.self)
  }

  /// The mean of the elements' squares likewise.
  package func meanOfSquares(axis: some Axes) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    return sumOfSquares(axis: axes) / Scalar(axes.reduce(1) { $0 * shape[$1] })
  }
}
