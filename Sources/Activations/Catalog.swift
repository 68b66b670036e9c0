internal import CKernels
public import Tensor

extension Activation {
  /// The identity.
  public static var linear: Self { Self(rule: .linear) }

  /// Rectified linear unit.
  ///
  ///     relu(x) = maxValue                    for x >= maxValue
  ///             = x                           for threshold < x < maxValue
  ///             = alpha (x - threshold)       otherwise
  ///
  /// - Parameter alpha: the slope below the threshold.
  /// - Parameter maxValue: the largest value, at least 0; none by default.
  /// - Parameter threshold: what x must exceed to pass.
  /// NaN gives NaN. Exact but for the rounding of `alpha (x - threshold)`.
  public static func relu(alpha: Double = 0, maxValue: Double? = nil, threshold: Double = 0) -> Self {
    require(maxValue ?? 0 >= 0, "relu: maxValue is \(maxValue ?? 0), allowed are numbers from 0 on")
    require(!alpha.isNaN && !threshold.isNaN, "relu: alpha is \(alpha) and threshold \(threshold), NaN is not allowed")
    return elementwise("relu", ck_relu, [alpha, maxValue ?? .infinity, threshold])
  }

  /// Scaled exponential linear unit, whose networks keep mean 0 and variance 1 by themselves.
  ///
  ///     selu(x) = 1.0507009873554805 x                          for x > 0
  ///             = 1.7580993408473766 (eˣ - 1)                   otherwise
  ///
  /// The exponential is evaluated as `expMinusOne`, so results near zero keep full precision.
  /// -∞ gives -1.7580993408473766, NaN gives NaN.
  /// Reference: Klambauer, Unterthiner, Mayr, Hochreiter, arXiv:1706.02515.
  public static var selu: Self { elementwise("selu", ck_selu) }

  /// Exponentials along an axis, divided by their sum: probabilities. See ``softmax(_:axis:)``.
  public static func softmax(axis: Int = -1) -> Self { Self(rule: .softmax(axis: axis)) }
}

/// Rectified linear unit; see ``Activation/relu(alpha:maxValue:threshold:)``.
///
///     relu([-10, -5, 0, 5, 10])                 // 0 0 0 5 10
///     relu([-10, -5, 0, 5, 10], alpha: 0.5)     // -5 -2.5 0 5 10
public func relu<Scalar: RealScalar>(
  _ x: consuming Tensor<Scalar>, alpha: Double = 0, maxValue: Double? = nil, threshold: Double = 0
) -> Tensor<Scalar> {
  elementwise(.relu(alpha: alpha, maxValue: maxValue, threshold: threshold), x)
}

/// Scaled exponential linear unit; see ``Activation/selu``.
public func selu<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { elementwise(.selu, x) }

/// An activation that cannot fail.
private func elementwise<Scalar: RealScalar>(
  _ activation: Activation<Scalar>, _ x: consuming Tensor<Scalar>
) -> Tensor<Scalar> {
  do {
    return try activation(x)
  } catch {
    trap("\(error)")
  }
}
