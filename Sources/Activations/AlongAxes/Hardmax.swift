public import Tensor

/// 1 for the largest element along an axis, 0 for all others; of equal ones the first counts.
///
/// ```swift
/// let y = try hardmax(Tensor<Float>([[1, 3, 2], [5, 5, 4]]))    // [[0, 1, 0], [1, 0, 0]]
/// ```
///
/// Its gradient is 0 everywhere: nothing learns through it.
/// - Parameter x: rank 1 or more. Integers are converted to Float first.
/// - Parameter axis: counted from the front, or negative from the last.
/// - Throws: ``ActivationError`` for rank 0 and for an axis that x does not have.
/// - Limits: infinities are numbers like others. A line with NaN becomes NaN, and so does its gradient.
/// - Error: 0.
/// - Complexity: O(*n*); in place if nothing else refers to x.
/// - Reference: ONNX, operator Hardmax.
public func hardmax<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.hardmax, axis)(Scalar.reals(x))
}
