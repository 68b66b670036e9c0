public import Tensor

/// A file's description of one of its tensors.
public struct TensorDescription: Hashable, Sendable {
  /// The name in the file.
  public let name: String
  /// The type of the elements; `nil` for types without a counterpart in this package, which are listed but not read.
  public let type: StoredType?
  /// The type's name; that of the file if this package has no counterpart.
  public let typeName: String
  /// The length of each axis.
  public let shape: [Int]
  /// The uncompressed size of the elements in bytes.
  public let byteCount: Int

  /// Creates a description, for custom readers.
  public init(name: String, type: StoredType?, typeName: String? = nil, shape: [Int], byteCount: Int) {
    self.name = name
    self.type = type
    self.typeName = typeName ?? type?.name ?? "unknown"
    self.shape = shape
    self.byteCount = byteCount
  }
}
