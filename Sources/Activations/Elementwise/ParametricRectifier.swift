internal import CKernels
public import Tensor

/// Parametric rectified linear unit: a leaky one whose slopes are learned.
///
///     prelu(x) = x                          for x >= 0
///              = alpha x                    otherwise
///
/// Infinities stay infinite (-∞ with a slope of 0 gives 0), NaN gives NaN, the sign of zero is kept. At most 0.5 ulp from the
/// exact result. Integers are converted to Float first.
/// - Parameter x: of any shape.
/// - Parameter alpha: the slopes, which must broadcast to x's shape: one, one for each channel, or one for each element.
/// - Complexity: O(*n*), one pass.
/// - Reference: He, Zhang, Ren, Sun, arXiv:1502.01852.
public func prelu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, alpha: Tensor<Scalar.Real>
) -> Tensor<Scalar.Real> {
  requireSlopes(alpha, x.shape)
  return .binary(ck_parametric_rectifier, Scalar.reals(x), alpha)
}

/// The vector-Jacobian product of ``prelu(_:alpha:)``: turns the gradient with respect to the output into those with respect to the
/// input and the slopes.
///
/// The slope at zero is 0, as in Keras's layer; NaN gives NaN.
/// - Parameter upstream: has x's shape; any other shape traps.
/// - Parameter x: the input of the forward computation.
/// - Parameter alpha: the slopes below zero, which must broadcast to x's shape.
/// - Returns: the gradient with respect to x, in x's shape, and that with respect to alpha, in alpha's shape:
///   `upstream · min(x, 0)`, summed over the axes along which alpha was broadcast.
public func preluPullback<Scalar: RealScalar>(
  _ upstream: Tensor<Scalar>, input x: Tensor<Scalar>, alpha: Tensor<Scalar>
) -> (input: Tensor<Scalar>, alpha: Tensor<Scalar>) {
  requireSlopes(alpha, x.shape)
  require(
    upstream.shape == x.shape,
    "prelu: the upstream gradient has the shape \(upstream.shape), the output has the shape \(x.shape)")
  let rising = Tensor.pullback(ck_rectifier, upstream, at: x, .none)
  let byInput = Tensor.where(x .< 0, upstream * alpha, rising)
  let bySlopes = Tensor.where(x .>= 0, Tensor(0), upstream * x)
  let leading = x.rank - alpha.rank
  let broadcast = x.shape.indices.filter { $0 < leading || alpha.shape[$0 - leading] != x.shape[$0] }
  return (byInput, bySlopes.sum(axis: broadcast, keepDimensions: true).reshaped(alpha.shape))
}

/// Randomised rectified linear unit as it is trained: every element has a slope of its own, drawn uniformly.
///
///     rrelu(x)ᵢ = xᵢ                        for xᵢ >= 0
///               = aᵢ xᵢ                     otherwise, aᵢ in lower ..< upper
///
/// To train through it, draw the slopes: `prelu(x, alpha: .uniform(x.shape, in: lower..<upper, using: &generator))` gives the
/// same, and ``preluPullback(_:input:alpha:)`` takes them. The form without a generator, for evaluation, has their mean.
/// - Parameter x: of any shape. Integers are converted to Float first.
/// - Parameter lower: the smallest slope, finite and at most `upper`.
/// - Parameter upper: the end of the range of slopes.
/// - Parameter generator: the source of random numbers.
/// - Reference: Xu, Wang, Chen, Li, arXiv:1505.00853.
public func rrelu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3,
  using generator: inout PhiloxGenerator
) -> Tensor<Scalar.Real> {
  _ = Activation<Scalar.Real>.rrelu(lower: lower, upper: upper)  // traps outside the range
  let (lowest, highest) = (Scalar.Real(lower), Scalar.Real(upper))
  if lowest == highest { return leakyRelu(x, negativeSlope: lower) }
  let slopes = Tensor<Scalar.Real>.uniform(x.shape, in: lowest..<highest, using: &generator)
  return prelu(x, alpha: slopes)
}

private func requireSlopes<Scalar>(_ alpha: Tensor<Scalar>, _ shape: [Int]) {
  require(
    alpha.layout.broadcast(to: shape) != nil, "prelu: slopes of the shape \(alpha.shape) do not broadcast to \(shape)")
}
