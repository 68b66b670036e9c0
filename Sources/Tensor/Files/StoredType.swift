/// The types of elements in files. Tensors have some of them; the others become those, and are written from them.
@nonexhaustive
public enum StoredType: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 half precision: 11 bits of significand.
  case float16
  /// The upper half of a Float: its range, 8 bits of significand. `.npy` files do not have it.
  case bfloat16
  /// A Float.
  case float32
  /// A Double.
  case float64
  /// -128 to 127.
  case int8
  /// -32,768 to 32,767.
  case int16
  /// An Int32.
  case int32
  /// An Int64.
  case int64
  /// 0 to 255.
  case uint8
  /// 0 to 65,535.
  case uint16
  /// 0 to 2³² - 1.
  case uint32
  /// 0 to 2⁶⁴ - 1; tensors hold those below 2⁶³.
  case uint64
  /// True or false, a byte each.
  case bool

  /// NumPy's name of the type; JAX's of bfloat16.
  public var name: String { rawValue }

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// What a tensor's elements are in a file, unless another type is asked for.
  public init(_ type: ElementType) { self = type.storedType }

  /// The type of tensors that is this type; `nil` where tensors have none.
  public var elementType: ElementType? { ElementType.allCases.first { StoredType($0) == self } }

  /// The smallest type of tensors that holds every value; for `uint64`, which none holds, `int64`.
  public var readingType: ElementType {
    switch self {
    case .float16, .bfloat16: .float
    case .int8, .int16, .uint16: .int32
    case .uint32, .uint64: .int64
    default: elementType ?? .int64
    }
  }

  package var kind: ElementKind { readingType.kind }
}
