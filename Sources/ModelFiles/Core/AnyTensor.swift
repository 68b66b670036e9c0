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

  /// The length of each axis.
  public var shape: [Int] { apply(Shape()) }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The type of the elements.
  public var elementType: ElementType { apply(Kind()) }

  /// Returns the elements as another type, converted as by `Tensor.cast(to:)`, or the tensor itself if it has that
  /// type.
  public func cast<Scalar: TensorScalar>(to type: Scalar.Type) -> Tensor<Scalar> { apply(Cast<Scalar>()) }

  /// A generic operation on a tensor of any type.
  package protocol Body<Result> {
    /// The type of the result.
    associatedtype Result
    /// The operation, written once for all types.
    func callAsFunction<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Result
  }

  /// Calls a generic operation.
  package func apply<Result>(_ body: some Body<Result>) -> Result {
    switch self {
    case .float(let tensor): body(tensor)
    case .double(let tensor): body(tensor)
    case .int32(let tensor): body(tensor)
    case .int64(let tensor): body(tensor)
    case .uint8(let tensor): body(tensor)
    case .bool(let tensor): body(tensor)
    }
  }

  private struct Shape: Body {
    func callAsFunction<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> [Int] { tensor.shape }
  }

  private struct Kind: Body {
    func callAsFunction<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> ElementType { Scalar.elementType }
  }

  private struct Cast<Target: TensorScalar>: Body {
    func callAsFunction<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Target> {
      tensor as? Tensor<Target> ?? tensor.cast(to: Target.self)
    }
  }
}
