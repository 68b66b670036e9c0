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

  /// The type itself, whose file in this folder says everything else.
  package var scalar: any TensorScalar.Type {
    switch self {
    case .float: Float.self
    case .double: Double.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .bool: Bool.self
    }
  }

  /// NumPy's name of the type.
  public var name: String { storedType.name }

  /// Bytes of one element.
  public var byteCount: Int { storedType.byteCount }

  var storedType: StoredType { scalar.element.storedType }

  package var kind: ElementKind { scalar.elementKind }
}

/// What can be computed with elements, and as what they are written to files.
package enum ElementKind {
  case real, integer, bool
}
