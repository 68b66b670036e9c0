internal import CKernels
internal import Glibc
public import Tensor

extension ElementwiseDefinition {
  static let exponential = ElementwiseDefinition(
    "exponential",
    formula: Formula(
      "eˣ", slope: "eˣ", errors: ErrorBounds(value: ErrorBounds.smooth.value, slope: ErrorBounds.smooth.value)),
    reference: { _ in
      Reference(value: { exp($0) }, slope: { exp($0) })
    },
    kernel: { _ in Kernel(ck_exponential, slope: .isOutput) }
  )

  static let elu = ElementwiseDefinition(
    "elu", [Parameter("alpha", 1)],
    keras: .layer("ELU"),
    formula: Formula(
      "x for x > 0", "alpha (eˣ - 1) otherwise", slope: "1 for x > 0", "alpha eˣ otherwise", errors: .smooth),
    settings: [[0.3], [1.7]],
    reference: { unitReference(depth: $0.a, slopeAtZero: $0.a) },
    kernel: { Kernel(ck_elu, $0.a) }
  )

  static let selu = ElementwiseDefinition(
    "selu", [Parameter("alpha", 1.6732632423543772), Parameter("scale", 1.0507009873554805, aliases: ["gamma"])],
    formula: Formula(
      "scale x for x > 0", "scale alpha (eˣ - 1) otherwise", slope: "scale for x > 0", "scale alpha eˣ otherwise",
      errors: .smooth),
    relation: .finiteProduct, settings: [[1.7, 1.3], [0.3, 0.7]],
    reference: {
      // Of two Floats the product is exact in Double.
      unitReference(scale: $0.b, depth: $0.b * $0.a, slopeAtZero: $0.b * $0.a)
    },
    kernel: {
      let isOfPaper = $0 == Arguments(a: 1.6732632423543772, b: 1.0507009873554805)
      return isOfPaper ? Kernel(ck_selu) : Kernel(ck_scaled_elu, $0.a, $0.b)
    }
  )

  static let celu = ElementwiseDefinition(
    "celu", [Parameter("alpha", 1, .invertible)],
    formula: Formula(
      "x for x > 0", "alpha (e^(x / alpha) - 1) otherwise", slope: "1 for x > 0", "e^(x / alpha) otherwise",
      errors: .smooth),
    settings: [[0.3], [1.7]],
    reference: { unitReference(depth: $0.a, width: $0.a, slopeAtZero: 1) },
    kernel: { $0.a == 1 ? Kernel(ck_elu, 1) : Kernel(ck_celu, $0.a) }
  )

  static let exponentials = [exponential, elu, selu, celu]
}

/// scale · x above zero, depth · (e^(x / width) - 1) below.
private func unitReference(
  scale: Double = 1, depth: Double, width: Double = 1, slopeAtZero: Double
) -> Reference {
  Reference(kinks: [0]) { x in
    x > 0 ? (scale == 0 ? 0 : scale * x) : depth * expm1(x / width)
  } slope: { x in
    x > 0 ? scale : slopeAtZero * exp(x / width)
  }
}

extension Activation {
  /// eˣ
  ///
  /// - Limits: -∞ gives 0, ∞ gives ∞. NaN gives NaN. Small results are subnormal, not 0.
  /// - Slope: the value.
  /// - Error: Float at most 1 ulp, Double 2; slope 1 and 2.
  /// - Complexity: O(*n*), one pass.
  public static var exponential: Self { elementwise(.exponential) }

  /// Exponential linear unit: ``elu(alpha:)`` with its default 1.
  public static var elu: Self { elu() }

  /// Exponential linear unit: the identity above zero, a saturating exponential below.
  ///
  ///     elu(x) = x                            for x > 0
  ///            = alpha (eˣ - 1)               otherwise
  ///
  /// The exponential is evaluated as `expMinusOne`, so results near zero keep their digits.
  /// - Limits: -∞ gives -alpha, ∞ gives ∞. NaN gives NaN. The sign of zero is kept.
  /// - Slope: alpha eˣ below zero and at it.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter alpha: the depth of the negative plateau, finite.
  /// - Reference: Clevert, Unterthiner, Hochreiter, arXiv:1511.07289.
  public static func elu(alpha: Double = 1) -> Self { elementwise(.elu, alpha) }

  /// Scaled exponential linear unit, whose networks keep mean 0 and variance 1 by themselves: ``selu(alpha:scale:)`` with its
  /// defaults.
  public static var selu: Self { selu() }

  /// Scaled exponential linear unit: ``elu(alpha:)`` times a scale.
  ///
  ///     selu(x) = scale x                     for x > 0
  ///             = scale alpha (eˣ - 1)        otherwise
  ///
  /// The defaults are the paper's numbers, with all their digits; networks keep mean 0 and variance 1 with no others.
  /// - Limits: -∞ gives -scale alpha, ∞ gives ∞ (with a scale of 0: 0). NaN gives NaN. The sign of zero is kept where the scale is
  ///   above 0.
  /// - Slope: scale alpha at zero.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter alpha: the depth of the negative plateau before it is scaled, finite.
  /// - Parameter scale: finite, and its product with alpha too. ONNX calls it `gamma`.
  /// - Reference: Klambauer, Unterthiner, Mayr, Hochreiter, arXiv:1706.02515.
  public static func selu(alpha: Double = 1.6732632423543772, scale: Double = 1.0507009873554805) -> Self {
    elementwise(.selu, alpha, scale)
  }

  /// Continuously differentiable exponential linear unit: ``celu(alpha:)`` with its default 1.
  public static var celu: Self { celu() }

  /// Exponential linear unit that is as deep as it is wide, so that its slope is continuous.
  ///
  ///     celu(x) = x                           for x > 0
  ///             = alpha (e^(x / alpha) - 1)   otherwise
  ///
  /// - Limits: -∞ gives -alpha, ∞ gives ∞. NaN gives NaN.
  /// - Slope: e^(x / alpha) below zero, 1 at it.
  /// - Error: Float at most 1 ulp, Double 2; slope 2 and 4.
  /// - Complexity: O(*n*), one pass.
  /// - Parameter alpha: a normal number, not 0.
  /// - Reference: Barron, arXiv:1704.07483.
  public static func celu(alpha: Double = 1) -> Self { elementwise(.celu, alpha) }
}

/// eˣ; see ``Activation/exponential``. Integers are converted to Float first.
public func exponential<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  elementwise(x, .exponential)
}

/// Exponential linear unit; see ``Activation/elu(alpha:)``. Integers are converted to Float first.
public func elu<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>, alpha: Double = 1) -> Tensor<Scalar.Real> {
  elementwise(x, .elu, alpha)
}

/// Scaled exponential linear unit; see ``Activation/selu(alpha:scale:)``. Integers are converted to Float first.
public func selu<Scalar: NumericScalar>(
  _ x: consuming Tensor<Scalar>, alpha: Double = 1.6732632423543772, scale: Double = 1.0507009873554805
) -> Tensor<Scalar.Real> {
  elementwise(x, .selu, alpha, scale)
}

/// Continuously differentiable exponential linear unit; see ``Activation/celu(alpha:)``. Integers are converted to Float
/// first.
public func celu<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>, alpha: Double = 1) -> Tensor<Scalar.Real> {
  elementwise(x, .celu, alpha)
}
