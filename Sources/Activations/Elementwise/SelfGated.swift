internal import CKernels
internal import Glibc
public import Tensor

// x times a function that rises from 0 to 1.

extension ElementwiseDefinition {
  static let silu = ElementwiseDefinition(
    "silu", aliases: ["swish"],
    formula: Formula("x sigmoid(x)", slope: "sigmoid(x) (1 + x sigmoid(-x))", errors: .smoothWithRoot),
    reference: { _ in
      Reference.gated(
        slopeRoot: -1.2784645427610738, by: logistic, slope: { logistic($0) + $0 * logisticSlope($0) })
    },
    kernel: { _ in Kernel(ck_silu) }
  )

  static let mish = ElementwiseDefinition(
    "mish",
    formula: Formula(
      "x tanh(softplus(x))", slope: "t + x sigmoid(x) (1 - t²), t = tanh(softplus(x))", errors: .smoothWithRoot),
    reference: { _ in
      // tanh(softplus(x)) = ((1 + eˣ)² - 1) / ((1 + eˣ)² + 1)
      Reference.gated(slopeRoot: -1.1924312145154952) { x in
        let e = exp(-abs(x))
        return x < 0 ? e * (e + 2) / (e * (e + 2) + 2) : (1 + 2 * e) / (1 + 2 * e + 2 * e * e)
      } slope: { x in
        let e = exp(-abs(x))
        if x < 0 {
          let n = e * (e + 2)
          return n / (n + 2) + x * (e / (1 + e)) * (4 * (n + 1) / ((n + 2) * (n + 2)))
        }
        let d = 1 + 2 * e + 2 * e * e
        return (1 + 2 * e) / d + x / (1 + e) * (4 * e * e * (1 + e) * (1 + e) / (d * d))
      }
    },
    kernel: { _ in Kernel(ck_mish) }
  )

  static let gelu = ElementwiseDefinition(
    "gelu", [Parameter("approximate", 0, .flag)],
    formula: Formula(
      "x Φ(x) = x erfc(-x / √2) / 2", "approximate: x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³)",
      slope: "Φ(x) + x e^(-x²/2) / √(2π)",
      "approximate: (1 + tanh u) / 2 + x (1 - tanh² u) √(2/π) (1 + 0.134145 x²) / 2", errors: .smoothWithRoot),
    settings: [Setting(name: "gelu_tanh", [1])],
    reference: { $0.a == 0 ? normalReference : tanhReference },
    kernel: { $0.a == 0 ? Kernel(ck_gelu) : Kernel(ck_gelu_tanh) }
  )

  static let selfGated = [
    silu,
    mish,
    gelu,
  ]
}

/// x Φ(x), with the distribution's complement where Φ cancels.
private let normalReference: Reference = {
  let distribution: @Sendable (Double) -> Double = { erfc(-$0 * 0.7071067811865476) / 2 }
  return .gated(slopeRoot: -0.7517915246935645, by: distribution) { x in
    // The square of a Float is exact in Double.
    distribution(x) + x * (0.3989422804014327 * exp(-x * x / 2))
  }
}()

/// x σ(2u), u = √(2/π) (x + 0.044715 x³)
private let tanhReference: Reference = {
  let twice: @Sendable (Double) -> Double = { 1.5957691216057308 * ($0 + 0.044715 * $0 * $0 * $0) }
  return .gated(slopeRoot: -0.7524614220710162) { x in
    logistic(twice(x))
  } slope: { x in
    let u = twice(x)
    return logistic(u) + x * logisticSlope(u) * (1.5957691216057308 * (1 + 0.134145 * x * x))
  }
}()

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
