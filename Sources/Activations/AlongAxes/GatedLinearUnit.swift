public import Tensor

/// Gated linear unit: the first half of an axis, let through as far as the second half says.
///
///     glu([a, b]) = a · sigmoid(b)
///
/// - Parameter x: rank 1 or more, of even length along the axis; the result has half of it. Integers are converted to Float
///   first.
/// - Parameter axis: counted from the front, or negative from the last.
/// - Throws: ``ActivationError`` for rank 0, an odd length and an axis that x does not have.
/// - Complexity: O(*n*)
/// - Reference: Dauphin, Fan, Auli, Grangier, arXiv:1612.08083.
public func glu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar.Real> {
  try AxisActivation(.glu, axis)(Scalar.reals(x))
}
