public import Tensor

/// A tensor of any element type, as files hold them.
@nonexhaustive
public enum AnyTensor: Hashable, Sendable {
  /// Of 32-bit reals.
  case float(Tensor<Float>)
  /// Of 64-bit reals.
  case double(Tensor<Double>)
  /// Of 32-bit integers.
  case int32(Tensor<Int32>)
  /// Of 64-bit integers.
  case int64(Tensor<Int64>)
  /// Of bytes.
  case uint8(Tensor<UInt8>)
  /// Of truth values.
  case bool(Tensor<Bool>)

  /// A tensor of whatever type; its memory is shared.
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

  /// The elements as another type, converted as `Tensor.cast(to:)` does it; the tensor itself where it is of that type.
  public func cast<Scalar: TensorScalar>(to type: Scalar.Type) -> Tensor<Scalar> { apply(Cast<Scalar>()) }

  /// What is done with a tensor of whatever type.
  package protocol Body<Result> {
    /// What comes out.
    associatedtype Result
    /// What is done, written once for all types.
    func callAsFunction<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Result
  }

  /// Does something that is written once for all types.
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
