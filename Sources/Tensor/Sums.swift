internal import CKernels

extension Tensor where Scalar: RealScalar {
  /// The sum of the elements; 0 without elements.
  public func sum(axis: some Axes = AllAxes(), keepDimensions: Bool = false) -> Tensor {
    reduced(ck_sum, axes: axis.resolved(rank: rank), keepDimensions: keepDimensions, to: Scalar.self)
  }
}
