public import Tensor

/// What a file says of one of its tensors.
public struct TensorDescription: Hashable, Sendable {
  /// What the file calls it.
  public let name: String
  /// The type of the elements; `nil` for those that this package has no counterpart for, which are listed but not read.
  public let type: StoredType?
  /// The type's name; where this package has no counterpart, the file's own name of it.
  public let typeName: String
  /// The length of each axis.
  public let shape: [Int]
  /// The bytes of the elements, not compressed.
  public let byteCount: Int

  /// A description by a reader of one's own.
  public init(name: String, type: StoredType?, typeName: String? = nil, shape: [Int], byteCount: Int) {
    self.name = name
    self.type = type
    self.typeName = typeName ?? type?.name ?? "unknown"
    self.shape = shape
    self.byteCount = byteCount
  }
}
