public import Tensor

/// A tensor of any of the element types in files.
@nonexhaustive
public enum AnyTensor: Hashable, Sendable {
  /// 32-bit real numbers.
  case float(Tensor<Float>)
  /// 64-bit real numbers.
  case double(Tensor<Double>)
  /// 32-bit integers.
  case int32(Tensor<Int32>)
  /// 64-bit integers.
  case int64(Tensor<Int64>)
  /// Bytes.
  case uint8(Tensor<UInt8>)
  /// Truth values.
  case bool(Tensor<Bool>)

  /// Wraps a tensor of any type; its memory is shared.
  public init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
    switch tensor {
    case let tensor as Tensor<Float>: self = .float(tensor)
    case let tensor as Tensor<Double>: self = .double(tensor)
    case let tensor as Tensor<Int32>: self = .int32(tensor)
    case let tensor as Tensor<Int64>: self = .int64(tensor)
    case let tensor as Tensor<UInt8>: self = .uint8(tensor)
    case let tensor as Tensor<Bool>: self = .bool(tensor)
    default: trap("tensors do not hold \(Scalar.self)")
    }
  }

  /// The tensor, for generic functions.
  package var opened: any TypedTensor {
    switch self {
    case .float(let tensor): tensor
    case .double(let tensor): tensor
    case .int32(let tensor): tensor
    case .int64(let tensor): tensor
    case .uint8(let tensor): tensor
    case .bool(let tensor): tensor
    }
  }

  /// The length of each axis.
  public var shape: [Int] { opened.shape }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The type of the elements.
  public var elementType: ElementType { opened.elementType }

  /// Returns the elements as another type, converted as by `Tensor.cast(to:)`, or the tensor itself if it has that
  /// type.
  public func cast<Scalar: TensorScalar>(to type: Scalar.Type) -> Tensor<Scalar> { opened.converted(to: type) }
}

/// A tensor, as a type that generic functions open.
package protocol TypedTensor<Scalar> {
  associatedtype Scalar: TensorScalar
  var tensor: Tensor<Scalar> { get }
}

extension Tensor: TypedTensor {
  package var tensor: Tensor { self }
}

extension TypedTensor {
  fileprivate var shape: [Int] { tensor.shape }
  fileprivate var elementType: ElementType { Scalar.elementType }

  fileprivate func converted<Target: TensorScalar>(to: Target.Type) -> Tensor<Target> {
    self as? Tensor<Target> ?? tensor.cast(to: Target.self)
  }
}
