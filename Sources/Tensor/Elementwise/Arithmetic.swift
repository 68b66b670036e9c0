internal import CKernels

// Elementwise arithmetic with NumPy's broadcasting. Shapes that do not broadcast stop the program. An operand
// whose storage has no other reference is overwritten with the result, so that a chain allocates once. Integers wrap around.
// Two tensors are the disfavoured overload: in `x * 2` the literal is a scalar, not a tensor of rank 0.

extension Tensor where Scalar: NumericScalar {
  /// The sum of each two elements; shapes broadcast, integers wrap around.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func + (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_add, x, y) }
  /// A number is added to each element; integers wrap around.
  public static func + (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_add, x, y) }
  /// Each element is added to a number; integers wrap around.
  public static func + (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_add, x, y) }
  /// x = x + y in x's memory, unless somebody else holds it. y broadcasts to x's shape, else this traps.
  @_disfavoredOverload
  public static func += (x: inout Tensor, y: Tensor) { update(&x, ck_add, y) }
  /// x = x + y in x's memory, unless somebody else holds it.
  public static func += (x: inout Tensor, y: Scalar) { update(&x, ck_add, y) }

  /// The difference of each two elements; shapes broadcast, integers wrap around.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func - (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_subtract, x, y) }
  /// A number is taken off each element; integers wrap around.
  public static func - (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_subtract, x, y) }
  /// Each element is taken off a number; integers wrap around.
  public static func - (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_subtract, x, y) }
  /// x = x - y in x's memory, unless somebody else holds it. y broadcasts to x's shape, else this traps.
  @_disfavoredOverload
  public static func -= (x: inout Tensor, y: Tensor) { update(&x, ck_subtract, y) }
  /// x = x - y in x's memory, unless somebody else holds it.
  public static func -= (x: inout Tensor, y: Scalar) { update(&x, ck_subtract, y) }

  /// The product of each two elements; shapes broadcast, integers wrap around.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func * (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_multiply, x, y) }
  /// Each element times a number; integers wrap around.
  public static func * (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_multiply, x, y) }
  /// A number times each element; integers wrap around.
  public static func * (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_multiply, x, y) }
  /// x = x * y in x's memory, unless somebody else holds it. y broadcasts to x's shape, else this traps.
  @_disfavoredOverload
  public static func *= (x: inout Tensor, y: Tensor) { update(&x, ck_multiply, y) }
  /// x = x * y in x's memory, unless somebody else holds it.
  public static func *= (x: inout Tensor, y: Scalar) { update(&x, ck_multiply, y) }

  /// The elements with the other sign.
  public static prefix func - (x: consuming Tensor) -> Tensor { x.unary(ck_negate) }
  /// The tensor as it is.
  public static prefix func + (x: consuming Tensor) -> Tensor { x }

  /// The quotient rounded down. Integers: by zero gives 0, as NumPy does.
  @_disfavoredOverload
  public consuming func floorDivided(by divisor: consuming Tensor) -> Tensor {
    Self.binary(ck_floor_divide, self, divisor)
  }
  /// The quotient by a number, rounded down.
  public consuming func floorDivided(by divisor: Scalar) -> Tensor { Self.binary(ck_floor_divide, self, divisor) }

  /// The remainder with the divisor's sign, as Python's and NumPy's `%`. Integers: by zero gives 0.
  @_disfavoredOverload
  public static func % (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_modulo, x, y) }
  /// The remainder by a number, with the number's sign.
  public static func % (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_modulo, x, y) }
  /// The remainder of a number by each element, with the element's sign.
  public static func % (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_modulo, x, y) }
  /// x = x % y in x's memory, unless somebody else holds it. y broadcasts to x's shape, else this traps.
  @_disfavoredOverload
  public static func %= (x: inout Tensor, y: Tensor) { update(&x, ck_modulo, y) }
  /// x = x % y in x's memory, unless somebody else holds it.
  public static func %= (x: inout Tensor, y: Scalar) { update(&x, ck_modulo, y) }

  /// The magnitudes. The smallest integer of a signed type stays as it is.
  public consuming func absolute() -> Tensor { unary(ck_absolute) }
  /// -1, 0 or 1, of -0 too it is 0; NaN stays.
  public consuming func sign() -> Tensor { unary(ck_sign) }
  /// x²; integers wrap around.
  public consuming func squared() -> Tensor { unary(ck_square) }
}

extension Tensor where Scalar: NumericScalar & Comparable {
  /// Each element raised to a power.
  /// - Precondition: exponents of integers are at least 0; use real numbers for negative ones.
  @_disfavoredOverload
  public consuming func power(_ exponent: consuming Tensor) -> Tensor {
    if Scalar.elementKind == .integer && !exponent.isEmpty {
      Self.requireExponent(exponent.min().scalar)
    }
    return Self.binary(ck_power, self, exponent)
  }
  /// Each element raised to one power.
  /// - Precondition: the exponent of integers is at least 0; use real numbers for negative ones.
  public consuming func power(_ exponent: Scalar) -> Tensor {
    Self.requireExponent(exponent)
    return Self.binary(ck_power, self, exponent)
  }

  private static func requireExponent(_ smallest: Scalar) {
    require(
      Scalar.elementKind == .real || smallest >= 0,
      "integers to the power \(smallest); allowed: exponents of at least 0")
  }

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
  /// The quotient of each two elements, correctly rounded; shapes broadcast.
  /// - Precondition: the shapes broadcast.
  @_disfavoredOverload
  public static func / (x: consuming Tensor, y: consuming Tensor) -> Tensor { binary(ck_divide, x, y) }
  /// Each element divided by a number, correctly rounded.
  public static func / (x: consuming Tensor, y: Scalar) -> Tensor { binary(ck_divide, x, y) }
  /// A number divided by each element, correctly rounded.
  public static func / (x: Scalar, y: consuming Tensor) -> Tensor { binary(ck_divide, x, y) }
  /// x = x / y in x's memory, unless somebody else holds it. y broadcasts to x's shape, else this traps.
  @_disfavoredOverload
  public static func /= (x: inout Tensor, y: Tensor) { update(&x, ck_divide, y) }
  /// x = x / y in x's memory, unless somebody else holds it.
  public static func /= (x: inout Tensor, y: Scalar) { update(&x, ck_divide, y) }

  /// The elements limited to a range, in one pass. NaN stays NaN.
  public consuming func clamped(_ range: ClosedRange<Scalar>) -> Tensor {
    unary(ck_clamp, ck_parameters(a: Double(range.lowerBound), b: Double(range.upperBound), c: 0))
  }

  /// 1 / x, correctly rounded.
  public consuming func reciprocal() -> Tensor { unary(ck_reciprocal) }
}

extension Tensor {
  /// The smaller of each two elements; NaN where either is NaN.
  @_disfavoredOverload
  public static func minimum(_ x: consuming Tensor, _ y: consuming Tensor) -> Tensor { binary(ck_minimum, x, y) }
  /// The smaller of each element and a number; NaN where either is NaN.
  public static func minimum(_ x: consuming Tensor, _ y: Scalar) -> Tensor { binary(ck_minimum, x, y) }
  /// The larger of each two elements; NaN where either is NaN.
  @_disfavoredOverload
  public static func maximum(_ x: consuming Tensor, _ y: consuming Tensor) -> Tensor { binary(ck_maximum, x, y) }
  /// The larger of each element and a number; NaN where either is NaN.
  public static func maximum(_ x: consuming Tensor, _ y: Scalar) -> Tensor { binary(ck_maximum, x, y) }
}
