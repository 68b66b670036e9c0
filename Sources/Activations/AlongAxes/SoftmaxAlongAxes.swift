public import Tensor

/// Exponentials along an axis, divided by their sum: values in 0…1 that sum to 1.
///
///     softmax(x)ᵢ = e^(xᵢ - max x) / Σⱼ e^(xⱼ - max x)
///
/// - Parameter x: rank 2 or more. Integers are converted to Float first.
/// - Parameter axis: one or several, each once, counted from the front or negative from the last. Of none (`[Int]()`) every element is a
///   line of its own.
/// - Throws: ``ActivationError`` for rank 0 or 1 and for an axis that x does not have.
/// - Limits: -∞ gives 0. A line with NaN or ∞, or of -∞ only, becomes NaN.
/// - Error: at most 4 ulp of each probability, for lines of up to 10,000; small ones are subnormal, not 0.
/// - Complexity: O(*n*); in place if nothing else refers to x.
public func softmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: some Axes = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.softmax, axis)(Scalar.reals(x))
}

/// Exponentials along an axis, divided by their sum, of those elements that the mask has true; the others become 0, and
/// so does a line without any; see ``softmax(_:axis:)``.
/// - Parameter x: rank 2 or more. Integers are converted to Float first.
/// - Parameter mask: broadcast to x's shape. The pullback is that of ``Activation/softmax``, given this output.
/// - Parameter axis: one or several, each once, counted from the front or negative from the last. Of none (`[Int]()`) every element is a
///   line of its own.
public func softmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>, axis: some Axes = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.softmax, axis)(Scalar.reals(x), mask: mask)
}

/// softmax(-x): the smallest element becomes the largest probability; see ``softmax(_:axis:)``. Vectors are taken too.
public func softmin<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: some Axes = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.softmin, axis)(Scalar.reals(x))
}
