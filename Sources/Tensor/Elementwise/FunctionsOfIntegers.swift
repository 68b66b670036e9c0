// Elementwise functions with real results, of integers: as Floats, which hold integers up to 2²⁴ exactly. Who needs more digits
// writes `x.cast(to: Double.self).exp()`.

extension Tensor where Scalar: NumericScalar & FixedWidthInteger {
  // MARK: Powers and roots

  /// The square root, correctly rounded.
  public func squareRoot() -> Tensor<Float> { cast(to: Float.self).squareRoot() }
  /// 1 / √x: a correctly rounded root and a correctly rounded quotient.
  public func reciprocalSquareRoot() -> Tensor<Float> { cast(to: Float.self).reciprocalSquareRoot() }
  /// The cube root, for negative numbers too.
  public func cubeRoot() -> Tensor<Float> { cast(to: Float.self).cubeRoot() }
  /// √(x² + y²) without intermediate overflow.
  public static func hypotenuse(_ x: Tensor, _ y: Tensor) -> Tensor<Float> {
    .hypotenuse(x.cast(to: Float.self), y.cast(to: Float.self))
  }

  // MARK: Exponentials and logarithms

  /// eˣ; infinite above 88.
  public func exp() -> Tensor<Float> { cast(to: Float.self).exp() }
  /// 2ˣ
  public func exp2() -> Tensor<Float> { cast(to: Float.self).exp2() }
  /// eˣ - 1, which keeps its digits near zero where `exp() - 1` loses them.
  public func expMinusOne() -> Tensor<Float> { cast(to: Float.self).expMinusOne() }
  /// The natural logarithm; -∞ at 0, NaN below.
  public func log() -> Tensor<Float> { cast(to: Float.self).log() }
  /// The logarithm to base 2; -∞ at 0, NaN below.
  public func log2() -> Tensor<Float> { cast(to: Float.self).log2() }
  /// The logarithm to base 10; -∞ at 0, NaN below.
  public func log10() -> Tensor<Float> { cast(to: Float.self).log10() }
  /// log(1 + x), which keeps its digits near zero where `(1 + x).log()` loses them.
  public func logOnePlus() -> Tensor<Float> { cast(to: Float.self).logOnePlus() }

  // MARK: Trigonometric functions, in radians

  /// The sine of an angle in radians, however large; NaN at infinities.
  public func sin() -> Tensor<Float> { cast(to: Float.self).sin() }
  /// The cosine of an angle in radians, however large; NaN at infinities.
  public func cos() -> Tensor<Float> { cast(to: Float.self).cos() }
  /// The tangent of an angle in radians, however large; NaN at infinities.
  public func tan() -> Tensor<Float> { cast(to: Float.self).tan() }
  /// The angle in -π/2…π/2 with this sine; NaN outside -1…1.
  public func asin() -> Tensor<Float> { cast(to: Float.self).asin() }
  /// The angle in 0…π with this cosine; NaN outside -1…1.
  public func acos() -> Tensor<Float> { cast(to: Float.self).acos() }
  /// The angle in -π/2…π/2 with this tangent.
  public func atan() -> Tensor<Float> { cast(to: Float.self).atan() }
  /// The angle of the point (x, y), in -π…π.
  public static func atan2(y: Tensor, x: Tensor) -> Tensor<Float> {
    .atan2(y: y.cast(to: Float.self), x: x.cast(to: Float.self))
  }

  // MARK: Hyperbolic functions

  /// The hyperbolic sine: (eˣ - e⁻ˣ) / 2, with its digits near zero.
  public func sinh() -> Tensor<Float> { cast(to: Float.self).sinh() }
  /// The hyperbolic cosine: (eˣ + e⁻ˣ) / 2.
  public func cosh() -> Tensor<Float> { cast(to: Float.self).cosh() }
  /// The hyperbolic tangent, in -1…1.
  public func tanh() -> Tensor<Float> { cast(to: Float.self).tanh() }
  /// The number with this hyperbolic sine.
  public func asinh() -> Tensor<Float> { cast(to: Float.self).asinh() }
  /// The number of at least 0 with this hyperbolic cosine; NaN below 1.
  public func acosh() -> Tensor<Float> { cast(to: Float.self).acosh() }
  /// The number with this hyperbolic tangent; ±∞ at ±1, NaN beyond.
  public func atanh() -> Tensor<Float> { cast(to: Float.self).atanh() }
}
