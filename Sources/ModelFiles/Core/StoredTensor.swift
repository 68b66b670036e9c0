public import Tensor

/// A value that can be written to a file: a tensor, or a tensor with the type in which to store it.
///
/// ```swift
/// try NPZFile.write(["x": x, "labels": labels, "kernel": a.stored(as: .float16)], to: "data.npz")
/// ```
public protocol StorableTensor: Sendable {
  /// The tensor and the type in which it is stored.
  var stored: StoredTensor { get }
}

/// A tensor and the type of its elements in a file.
public struct StoredTensor: Hashable, Sendable {
  /// The elements.
  public let tensor: AnyTensor
  /// The type of the elements in the file.
  public let type: StoredType

  /// Creates a tensor to be stored in a type.
  /// - Parameter tensor: a tensor of any type.
  /// - Parameter type: the type in the file; by default the tensor's own. Real numbers can be written in any
  ///   floating-point type, rounded to the nearest value, ties to even; integers in any integer type that can represent
  ///   every element. Anything else is an error on writing.
  public init(_ tensor: AnyTensor, as type: StoredType? = nil) {
    self.tensor = tensor
    self.type = type ?? StoredType(tensor.elementType)
  }

  var byteCount: Int { tensor.count * type.byteCount }
}

extension StoredTensor: StorableTensor {
  /// The value itself.
  public var stored: StoredTensor { self }
}

extension AnyTensor: StorableTensor {
  /// The tensor, to be stored as its own type.
  public var stored: StoredTensor { StoredTensor(self) }
}

extension Tensor: StorableTensor {
  /// The tensor, to be stored as its own type.
  public var stored: StoredTensor { StoredTensor(AnyTensor(self)) }

  /// Returns the tensor, to be stored in another type.
  public func stored(as type: StoredType) -> StoredTensor { StoredTensor(AnyTensor(self), as: type) }
}

/// A tensor with its name in a file.
public struct NamedTensor: Hashable, Sendable {
  /// The name in the file.
  public var name: String
  /// The tensor that is written.
  public var value: StoredTensor

  /// Creates a named tensor; its memory is shared.
  public init(_ name: String, _ tensor: any StorableTensor) {
    self.name = name
    value = tensor.stored
  }
}

extension [NamedTensor] {
  init(_ tensors: KeyValuePairs<String, any StorableTensor>) {
    self = tensors.map { NamedTensor($0.key, $0.value) }
  }

  /// - Throws: ``ModelFileError`` if two tensors have the same name.
  func requireUniqueNames(_ file: String) throws(ModelFileError) {
    var names: Set<ExactName> = []
    for tensor in self where !names.insert(ExactName(tensor.name)).inserted {
      throw ModelFileError(
        kind: .mismatch, file: file, expected: "each name once", found: "\"\(tensor.name)\" twice")
    }
  }
}
