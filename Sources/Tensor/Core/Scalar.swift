/// The element types of tensors, as files and kernels know them.
@nonexhaustive
public enum ElementType: UInt32, Hashable, Sendable, CaseIterable {
  /// 32-bit reals.
  case float
  /// 64-bit reals.
  case double
  /// 32-bit integers.
  case int32
  /// 64-bit integers: positions, labels, sums of integers.
  case int64
  /// Bytes, from 0 to 255.
  case uint8
  /// Masks; one byte each.
  case bool

  /// NumPy's name of the type.
  public var name: String {
    switch self {
    case .float: "float32"
    case .double: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .float, .int32: 4
    case .double, .int64: 8
    case .uint8, .bool: 1
    }
  }
}

/// What the package knows of an element type.
///
/// Only the package makes one, so that no other type can conform to ``TensorScalar``: the kernels would read its memory as something else.
public struct ElementWitness<Scalar>: Sendable {
  let type: ElementType
}

/// A type that tensors can hold: `Float`, `Double`, `Int32`, `Int64`, `UInt8` or `Bool`. No other type can conform.
public protocol TensorScalar: Hashable, Sendable, Codable, BitwiseCopyable {
  /// What the package knows of the type.
  static var elementWitness: ElementWitness<Self> { get }
  /// The zero of numbers, `false`.
  static var zeroValue: Self { get }
  /// The one of numbers, `true`.
  static var oneValue: Self { get }
  /// What sums and products of elements are: the type itself for reals, `Int64` for integers and `Bool`.
  associatedtype Sum: NumericScalar
}

extension TensorScalar {
  /// Which of the element types this is.
  public static var elementType: ElementType { elementWitness.type }
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

extension Float: RealScalar {
  public typealias Sum = Float
  public static var elementWitness: ElementWitness<Self> { .init(type: .float) }
}

extension Double: RealScalar {
  public typealias Sum = Double
  public static var elementWitness: ElementWitness<Self> { .init(type: .double) }
}

extension Int32: NumericScalar {
  public typealias Sum = Int64
  public static var elementWitness: ElementWitness<Self> { .init(type: .int32) }
}

extension Int64: NumericScalar {
  public typealias Sum = Int64
  public static var elementWitness: ElementWitness<Self> { .init(type: .int64) }
}

extension UInt8: NumericScalar {
  public typealias Sum = Int64
  public static var elementWitness: ElementWitness<Self> { .init(type: .uint8) }
}

extension Bool: TensorScalar {
  public typealias Sum = Int64
  public static var elementWitness: ElementWitness<Self> { .init(type: .bool) }
  public static var zeroValue: Bool { false }
  public static var oneValue: Bool { true }
}
