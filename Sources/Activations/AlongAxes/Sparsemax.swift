public import Tensor

/// The nearest point to x whose coordinates are not negative and sum to 1: as softmax, but what lies far below the
/// largest becomes 0.
///
///     sparsemax(x)ᵢ = max(xᵢ - τ, 0),   τ such that the sum is 1
///
/// - Parameter x: rank 1 or more. Integers are converted to Float first.
/// - Parameter axis: one or several, each once, counted from the front or negative from the last. Of none (`[Int]()`) every element is a
///   line of its own.
/// - Throws: ``ActivationError`` for rank 0 and for an axis that x does not have.
/// - Complexity: O(*n* log *n*) for lines of *n*; in place if nothing else refers to x.
/// - Reference: Martins, Astudillo, arXiv:1602.02068.
public func sparsemax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: some Axes = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.sparsemax, axis)(Scalar.reals(x))
}
