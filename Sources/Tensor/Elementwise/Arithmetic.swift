internal import CKernels

// Elementwise arithmetic with NumPy's broadcasting. Traps with both shapes where they do not broadcast. An operand whose
// storage nobody else holds is overwritten with the result, so that a chain allocates once. Integers wrap around.
// Two tensors are the disfavoured overload: in `x * 2` the literal is a scalar, not a tensor of rank 0.

extension Tensor where Scalar: NumericScalar {
  @_disfavoredOverload
  public static func + (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_add, x, y) }
  public static func + (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_add, x, y) }
  public static func + (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_add, x, y) }
  @_disfavoredOverload
  public static func += (x: inout Tensor, y: Tensor) { update(&x, ck_add, y) }
  public static func += (x: inout Tensor, y: Scalar) { update(&x, ck_add, y) }

  @_disfavoredOverload
  public static func - (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_subtract, x, y) }
  public static func - (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_subtract, x, y) }
  public static func - (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_subtract, x, y) }
  @_disfavoredOverload
  public static func -= (x: inout Tensor, y: Tensor) { update(&x, ck_subtract, y) }
  public static func -= (x: inout Tensor, y: Scalar) { update(&x, ck_subtract, y) }

  @_disfavoredOverload
  public static func * (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_multiply, x, y) }
  public static func * (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_multiply, x, y) }
  public static func * (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_multiply, x, y) }
  @_disfavoredOverload
  public static func *= (x: inout Tensor, y: Tensor) { update(&x, ck_multiply, y) }
  public static func *= (x: inout Tensor, y: Scalar) { update(&x, ck_multiply, y) }

  public static prefix func - (x: consuming Tensor) -> Tensor { x.unary(ck_negate) }
  public static prefix func + (x: consuming Tensor) -> Tensor { x }

  /// The quotient rounded down. Integers: by zero gives 0, as NumPy does.
  @_disfavoredOverload
  public consuming func floorDivided(by divisor: consuming Tensor) -> Tensor {
    Self.binary(ck_floor_divide, self, divisor)
  }
  public consuming func floorDivided(by divisor: Scalar) -> Tensor { Self.binary(ck_floor_divide, self, divisor) }

  /// The remainder with the divisor's sign, as Python's and NumPy's `%`. Integers: by zero gives 0.
  @_disfavoredOverload
  public static func % (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_modulo, x, y) }
  public static func % (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_modulo, x, y) }
  public static func % (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_modulo, x, y) }
  @_disfavoredOverload
  public static func %= (x: inout Tensor, y: Tensor) { update(&x, ck_modulo, y) }
  public static func %= (x: inout Tensor, y: Scalar) { update(&x, ck_modulo, y) }

  /// Each element raised to a power. Traps for negative exponents of integers, as NumPy does; use reals for those.
  @_disfavoredOverload
  public consuming func power(_ exponent: consuming Tensor) -> Tensor {
    if Scalar.elementType != .float && Scalar.elementType != .double && !exponent.isEmpty {
      Self.requireExponent(exponent.min().scalar)
    }
    return Self.binary(ck_power, self, exponent)
  }
  public consuming func power(_ exponent: Scalar) -> Tensor {
    Self.requireExponent(exponent)
    return Self.binary(ck_power, self, exponent)
  }

  private static func requireExponent(_ smallest: Scalar) {
    let isReal = Scalar.elementType == .float || Scalar.elementType == .double
    require(isReal || smallest >= 0, "integers to the power \(smallest): allowed are exponents from 0 on")
  }

  public consuming func absolute() -> Tensor { unary(ck_absolute) }
  /// -1, 0 or 1, of -0 too it is 0; NaN stays.
  public consuming func sign() -> Tensor { unary(ck_sign) }
  public consuming func squared() -> Tensor { unary(ck_square) }

  /// The elements limited to a range. NaN stays NaN.
  public consuming func clamped(_ range: ClosedRange<Scalar>) -> Tensor {
    Self.binary(ck_minimum, Self.binary(ck_maximum, self, range.lowerBound), range.upperBound)
  }
  /// The elements limited from below. NaN stays NaN.
  public consuming func clamped(_ range: PartialRangeFrom<Scalar>) -> Tensor {
    Self.binary(ck_maximum, self, range.lowerBound)
  }
  /// The elements limited from above. NaN stays NaN.
  public consuming func clamped(_ range: PartialRangeThrough<Scalar>) -> Tensor {
    Self.binary(ck_minimum, self, range.upperBound)
  }
}

extension Tensor where Scalar: RealScalar {
  @_disfavoredOverload
  public static func / (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_divide, x, y) }
  public static func / (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_divide, x, y) }
  public static func / (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_divide, x, y) }
  @_disfavoredOverload
  public static func /= (x: inout Tensor, y: Tensor) { update(&x, ck_divide, y) }
  public static func /= (x: inout Tensor, y: Scalar) { update(&x, ck_divide, y) }

  /// The elements limited to a range, in one pass. NaN stays NaN.
  public consuming func clamped(_ range: ClosedRange<Scalar>) -> Tensor {
    unary(ck_clamp, ck_parameters(a: Double(range.lowerBound), b: Double(range.upperBound), c: 0))
  }

  public consuming func reciprocal() -> Tensor { unary(ck_reciprocal) }
}

extension Tensor {
  /// The smaller of each two elements; NaN where either is NaN.
  @_disfavoredOverload
  public static func minimum(_ x: consuming Tensor, _ y: consuming Tensor) -> Tensor { binary(ck_minimum, x, y) }
  public static func minimum(_ x: consuming Tensor, _ y: Scalar) -> Tensor { binary(ck_minimum, x, y) }
  /// The larger of each two elements; NaN where either is NaN.
  @_disfavoredOverload
  public static func maximum(_ x: consuming Tensor, _ y: consuming Tensor) -> Tensor { binary(ck_maximum, x, y) }
  public static func maximum(_ x: consuming Tensor, _ y: Scalar) -> Tensor { binary(ck_maximum, x, y) }
}
