public import Tensor

/// The logarithms of the probabilities that ``softmax(_:axis:)`` gives, exact where those are too small to be numbers.
///
///     logSoftmax(x)ᵢ = xᵢ - log Σⱼ e^xⱼ
///
/// - Parameter axis: counted from the front, or negative from the last.
/// - Parameter x: rank 1 or more. Integers are converted to Float first.
/// - Throws: ``ActivationError`` for rank 0 and for an axis that x does not have.
/// - Limits: -∞ gives -∞. A line with NaN or ∞, or of -∞ only, becomes NaN.
/// - Error: Float at most 1 ulp, Double 2.
/// - Complexity: O(*n*); in place if nothing else refers to x.
public func logSoftmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.logSoftmax, .axes([axis]))(Scalar.reals(x))
}

/// As ``logSoftmax(_:axis:)``, over several axes.
/// - Parameter x: rank 1 or more. Integers are converted to Float first.
/// - Parameter axes: each once, negative ones counted from the last. With an empty list every element is a line of its own and
///   becomes 0.
public func logSoftmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.logSoftmax, .axes(axes))(Scalar.reals(x))
}
