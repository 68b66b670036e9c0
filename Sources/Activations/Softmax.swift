internal import CKernels
public import Tensor

/// Below this many elements along the axis one kernel does each line, from it on passes over the whole tensor with BLAS's
/// sums. Not tuned yet: 65,536 Floats on AVX-512 take the kernel 0.97 ns an element in lines of 32 and 1.6 in lines of 63,
/// the passes 0.93 in lines of 64.
private let fusedSoftmaxLength = 64

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
  try normalizedExponentials(x, axis: axis)
}

func normalizedExponentials<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, axis: Int
) throws(ActivationError) -> Tensor<Scalar> {
  guard x.rank >= 2 else { throw .rankTooLow(activation: "softmax", shape: x.shape) }
  guard axis >= -x.rank && axis < x.rank else {
    throw .axisOutOfRange(activation: "softmax", axis: axis, shape: x.shape)
  }
  if x.isEmpty { return x }
  let axis = axis.resolvedAxis(rank: x.rank)
  if x.shape[axis] < fusedSoftmaxLength {
    return x.lines(ck_softmax, axis: axis, single: false, to: Scalar.self)
  }
  let largest = x.max(axis: axis, keepDimensions: true)
  let exponentials = Tensor.binary(ck_exponential_of_difference, x, largest)
  let sums = exponentials.sum(axis: axis, keepDimensions: true)
  return exponentials / sums
}
