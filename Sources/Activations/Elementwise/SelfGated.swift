public import Tensor

// x times a function that rises from 0 to 1.

extension Activation {
  /// Sigmoid linear unit, also called swish: `x sigmoid(x)`.
  ///
  /// - Limits: -∞ gives -0, ∞ gives ∞. NaN gives NaN. The sign of zero is kept, small results are subnormal, not 0.
  /// - Slope: `sigmoid(x) (1 + x sigmoid(-x))`; 0 near -1.278 and at -∞.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4 ulp of max(|slope|, 2⁻⁸).
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Elfwing, Uchibe, Doya, arXiv:1702.03118; Ramachandran, Zoph, Le, arXiv:1710.05941.
  public static var silu: Self { elementwise(.silu) }

  /// `x tanh(softplus(x))`
  ///
  /// - Limits: -∞ gives -0, ∞ gives ∞. NaN gives NaN. The sign of zero is kept, small results are subnormal, not 0.
  /// - Slope: 0 near -1.192 and at -∞.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4 ulp of max(|slope|, 2⁻⁸).
  /// - Complexity: O(*n*), one pass.
  /// - Reference: Misra, arXiv:1908.08681.
  public static var mish: Self { elementwise(.mish) }

  /// Gaussian error linear unit in its exact form: ``gelu(approximate:)``.
  public static var gelu: Self { gelu() }

  /// Gaussian error linear unit: x times the probability that a standard normal variable is smaller.
  ///
  ///     gelu(x) = x Φ(x) = x erfc(-x / √2) / 2
  ///             ≈ x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2    where approximate
  ///
  /// - Limits: -∞ gives -0, ∞ gives ∞. NaN gives NaN. The sign of zero is kept, small results are subnormal, not 0.
  /// - Slope: 0 near -0.752 and at -∞.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4 ulp of max(|slope|, 2⁻⁸).
  /// - Complexity: O(*n*), one pass.
  /// - Parameter approximate: whether the form with the hyperbolic tangent is meant, itself computed as exactly.
  /// - Reference: Hendrycks, Gimpel, arXiv:1606.08415.
  public static func gelu(approximate: Bool = false) -> Self { elementwise(.gelu, approximate ? 1 : 0) }
}

/// Sigmoid linear unit, also called swish; see ``Activation/silu``. Integers are converted to Float first.
public func silu<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .silu)
}

/// `x tanh(softplus(x))`; see ``Activation/mish``. Integers are converted to Float first.
public func mish<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .mish)
}

/// Gaussian error linear unit; see ``Activation/gelu(approximate:)``. Integers are converted to Float first.
public func gelu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, approximate: Bool = false
) -> Tensor<Scalar.Real> {
  elementwise(x, .gelu, approximate ? 1 : 0)
}
