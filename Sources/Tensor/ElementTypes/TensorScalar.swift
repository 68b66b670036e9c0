/// A type that tensors can hold: `Float`, `Double`, `Int32`, `Int64`, `UInt8` or `Bool`. No other type can conform.
public protocol TensorScalar: Hashable, Sendable, Codable, BitwiseCopyable {
  /// Which of the element types this is.
  static var elementType: ElementType { get }
  /// What the package knows of the type.
  static var elementWitness: ElementWitness<Self> { get }
  /// The zero of numbers, `false`.
  static var zeroValue: Self { get }
  /// The one of numbers, `true`.
  static var oneValue: Self { get }
  /// What sums and products of elements are: the type itself for reals, `Int64` for integers and `Bool`.
  associatedtype Sum: NumericScalar
}

/// A number that tensors can hold. What needs an order asks for `Comparable` beside it.
public protocol NumericScalar: TensorScalar, Numeric {
  /// What functions with real results give: the type itself for reals, `Float` for integers.
  associatedtype Real: RealScalar
  /// The elements as reals; a tensor of reals is passed on as it is.
  static func reals(_ x: consuming Tensor<Self>) -> Tensor<Real>
}

/// A floating-point number that tensors can hold: everything is computed on these, BLAS and LAPACK included.
public protocol RealScalar: NumericScalar, BinaryFloatingPoint
where Sum == Self, Real == Self, RawSignificand: FixedWidthInteger {}

extension NumericScalar {
  public static var zeroValue: Self { 0 }
  public static var oneValue: Self { 1 }
}

extension RealScalar {
  /// The tensor as it is.
  public static func reals(_ x: consuming Tensor<Self>) -> Tensor<Self> { x }
}

extension NumericScalar where Self: FixedWidthInteger {
  /// The elements converted to Float.
  public static func reals(_ x: consuming Tensor<Self>) -> Tensor<Float> { x.cast(to: Float.self) }
}
