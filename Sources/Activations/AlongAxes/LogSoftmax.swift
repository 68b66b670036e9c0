public import Tensor

/// The logarithms of the probabilities that ``softmax(_:axis:)`` gives, exact where those are too small to be numbers.
///
///     logSoftmax(x)ᵢ = xᵢ - log Σⱼ e^xⱼ
///
/// - Parameter x: rank 1 or more. Integers are converted to Float first.
/// - Parameter axis: one or several, each once, counted from the front or negative from the last. Of none (`[Int]()`) every element is a
///   line of its own.
/// - Throws: ``ActivationError`` for rank 0 and for an axis that x does not have.
/// - Limits: -∞ gives -∞. A line with NaN or ∞, or of -∞ only, becomes NaN.
/// - Error: Float at most 1 ulp, Double 2.
/// - Complexity: O(*n*); in place if nothing else refers to x.
public func logSoftmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: some Axes = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.logSoftmax, axis)(Scalar.reals(x))
}
