// The functions that are written first, as the C library and the standard library spell them for single numbers. Of integers they give
// Float, as the methods do. `max` and `min` are not among them: literals are tensors too, and `reduce(1) { max($0, $1) }` of numbers
// would no longer compile.

/// eˣ of each element.
public func exp<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> { Scalar.reals(x).exp() }

/// The natural logarithm of each element: -infinity of 0, NaN of negative ones.
public func log<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> { Scalar.reals(x).log() }

/// The square root of each element: NaN of negative ones.
public func sqrt<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> {
  Scalar.reals(x).squareRoot()
}

/// The sine of each element, in radians.
public func sin<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> { Scalar.reals(x).sin() }

/// The cosine of each element, in radians.
public func cos<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar.Real> { Scalar.reals(x).cos() }

/// The largest integer that is not larger than each element.
public func floor<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { x.floor() }

/// The smallest integer that is not smaller than each element.
public func ceil<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { x.ceil() }

/// The magnitude of each element.
public func abs<Scalar: NumericScalar>(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> { x.absolute() }

/// Each element to the power of a number.
public func pow<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>, _ exponent: Scalar) -> Tensor<Scalar> {
  x.power(exponent)
}

/// Each element to the power of the other one; shapes broadcast.
/// - Precondition: the shapes broadcast.
@_disfavoredOverload
public func pow<Scalar: RealScalar>(_ x: consuming Tensor<Scalar>, _ exponent: consuming Tensor<Scalar>) -> Tensor<
  Scalar
> {
  x.power(exponent)
}
