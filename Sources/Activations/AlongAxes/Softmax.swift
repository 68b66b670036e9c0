public import Tensor

/// Exponentials along an axis, divided by their sum: values in 0…1 that sum to 1.
///
///     softmax(x)ᵢ = e^(xᵢ - max x) / Σⱼ e^(xⱼ - max x)
///
/// - Parameter x: rank 2 or more.
/// - Throws: ``ActivationError`` for rank 0 or 1 and for an axis that x does not have.
/// - Complexity: O(*n*); in x's own storage where nobody else holds it.
public func softmax<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmax, .axes([axis]))(x)
}

/// Exponentials divided by their sum over several axes; see ``softmax(_:axis:)``.
/// - Parameter axes: each once, negative ones counted from the last. None: every element is a line of its own, so that
///   each becomes 1.
public func softmax<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmax, .axes(axes))(x)
}

/// Exponentials along an axis, divided by their sum, of those elements that the mask has true; the others become 0, and
/// so does a line without any; see ``softmax(_:axis:)``.
/// - Parameter mask: broadcast to x's shape.
public func softmax<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmax, .axes([axis]))(x, mask: mask)
}

/// As ``softmax(_:mask:axis:)``, over several axes.
public func softmax<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, mask: Tensor<Bool>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmax, .axes(axes))(x, mask: mask)
}

/// softmax(-x): the smallest element becomes the largest probability; see ``softmax(_:axis:)``.
public func softmin<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int = -1
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmin, .axes([axis]))(x)
}

/// As ``softmin(_:axis:)``, over several axes.
public func softmin<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, axes: [Int]
) throws(ActivationError) -> Tensor<Scalar> {
  try AxisActivation(.softmin, .axes(axes))(x)
}
