internal import CKernels

// Elementwise functions of reals. Each takes one pass and allocates nothing where this tensor's storage is its own.
// NaN gives NaN; at infinities the limits; outside a function's domain NaN.

extension Tensor where Scalar: RealScalar {
  // MARK: Powers and roots

  /// The square root, correctly rounded.
  public consuming func squareRoot() -> Tensor { unary(ck_square_root) }
  /// 1 / √x: a correctly rounded root and a correctly rounded quotient.
  public consuming func reciprocalSquareRoot() -> Tensor { unary(ck_reciprocal_square_root) }
  /// The cube root, for negative numbers too.
  public consuming func cubeRoot() -> Tensor { unary(ck_cube_root) }
  /// √(x² + y²) without intermediate overflow.
  public static func hypotenuse(_ x: consuming Tensor, _ y: consuming Tensor) -> Tensor { binary(ck_hypotenuse, x, y) }

  // MARK: Exponentials and logarithms

  /// eˣ; infinite above 88.72 in Float and 709.78 in Double.
  public consuming func exp() -> Tensor { unary(ck_exponential) }
  /// 2ˣ
  public consuming func exp2() -> Tensor { unary(ck_exponential2) }
  /// eˣ - 1, which keeps its digits near zero where `exp() - 1` loses them.
  public consuming func expMinusOne() -> Tensor { unary(ck_exponential_minus_one) }
  /// The natural logarithm; -∞ at 0, NaN below.
  public consuming func log() -> Tensor { unary(ck_logarithm) }
  /// The logarithm to base 2; -∞ at 0, NaN below.
  public consuming func log2() -> Tensor { unary(ck_logarithm2) }
  /// The logarithm to base 10; -∞ at 0, NaN below.
  public consuming func log10() -> Tensor { unary(ck_logarithm10) }
  /// log(1 + x), which keeps its digits near zero where `(1 + x).log()` loses them.
  public consuming func logOnePlus() -> Tensor { unary(ck_logarithm_one_plus) }

  // MARK: Trigonometric functions, in radians

  /// The sine of an angle in radians, however large; NaN at infinities.
  public consuming func sin() -> Tensor { unary(ck_sine) }
  /// The cosine of an angle in radians, however large; NaN at infinities.
  public consuming func cos() -> Tensor { unary(ck_cosine) }
  /// The tangent of an angle in radians, however large; NaN at infinities.
  public consuming func tan() -> Tensor { unary(ck_tangent) }
  /// The angle in -π/2…π/2 with this sine; NaN outside -1…1.
  public consuming func asin() -> Tensor { unary(ck_arcsine) }
  /// The angle in 0…π with this cosine; NaN outside -1…1.
  public consuming func acos() -> Tensor { unary(ck_arccosine) }
  /// The angle in -π/2…π/2 with this tangent.
  public consuming func atan() -> Tensor { unary(ck_arctangent) }
  /// The angle of the point (x, y), in -π…π.
  public static func atan2(y: consuming Tensor, x: consuming Tensor) -> Tensor { binary(ck_arctangent2, y, x) }

  // MARK: Hyperbolic functions

  /// The hyperbolic sine: (eˣ - e⁻ˣ) / 2, with its digits near zero.
  public consuming func sinh() -> Tensor { unary(ck_hyperbolic_sine) }
  /// The hyperbolic cosine: (eˣ + e⁻ˣ) / 2.
  public consuming func cosh() -> Tensor { unary(ck_hyperbolic_cosine) }
  /// The hyperbolic tangent, in -1…1.
  public consuming func tanh() -> Tensor { unary(ck_hyperbolic_tangent) }
  /// The number with this hyperbolic sine.
  public consuming func asinh() -> Tensor { unary(ck_area_hyperbolic_sine) }
  /// The number of at least 0 with this hyperbolic cosine; NaN below 1.
  public consuming func acosh() -> Tensor { unary(ck_area_hyperbolic_cosine) }
  /// The number with this hyperbolic tangent; ±∞ at ±1, NaN beyond.
  public consuming func atanh() -> Tensor { unary(ck_area_hyperbolic_tangent) }

  // MARK: Rounding

  /// Down to an integer.
  public consuming func floor() -> Tensor { unary(ck_floor) }
  /// Up to an integer.
  public consuming func ceil() -> Tensor { unary(ck_ceiling) }
  /// Towards zero.
  public consuming func truncated() -> Tensor { unary(ck_truncate) }
  /// To the nearest integer, halves to the even one, as NumPy does.
  public consuming func rounded() -> Tensor { unary(ck_round) }

  /// The magnitudes of this tensor with the signs of another.
  public consuming func copyingSign(of other: consuming Tensor) -> Tensor { Self.binary(ck_copy_sign, self, other) }

  // MARK: Predicates

  /// Whether each element is not a number.
  public var isNaN: Tensor<Bool> { predicate(ck_is_nan) }
  /// Whether each element is neither infinite nor NaN.
  public var isFinite: Tensor<Bool> { predicate(ck_is_finite) }
  /// Whether each element is ∞ or -∞.
  public var isInfinite: Tensor<Bool> { predicate(ck_is_infinite) }
  /// Whether the sign bit is set: true for -0 and negative NaN too.
  public var signBit: Tensor<Bool> { predicate(ck_sign_bit) }
}
