public import Tensor

/// What can be written to a file: a tensor, or one that says as which type it is to be stored.
///
/// ```swift
/// try NPZFile.write(["x": x, "labels": labels, "kernel": a.stored(as: .float16)], to: "data.npz")
/// ```
public protocol StorableTensor: Sendable {
  /// The tensor and the type that it is stored as.
  var stored: StoredTensor { get }
}

/// A tensor and the type that its elements have in a file.
public struct StoredTensor: Hashable, Sendable {
  /// The elements.
  public let tensor: AnyTensor
  /// Their type in the file.
  public let type: StoredType

  /// - Parameter tensor: any tensor.
  /// - Parameter type: by default the tensor's own. Reals are written as any floating-point type, rounded to the nearest,
  ///   ties to even; integers as any integer type that holds every element; anything else is an error when it is written.
  public init(_ tensor: AnyTensor, as type: StoredType? = nil) {
    self.tensor = tensor
    self.type = type ?? StoredType(tensor.elementType)
  }

  var byteCount: Int { tensor.count * type.byteCount }
}

extension StoredTensor: StorableTensor {
  /// As it is.
  public var stored: StoredTensor { self }
}

extension AnyTensor: StorableTensor {
  /// The tensor, to be stored as its own type.
  public var stored: StoredTensor { StoredTensor(self) }
}

extension Tensor: StorableTensor {
  /// The tensor, to be stored as its own type.
  public var stored: StoredTensor { StoredTensor(AnyTensor(self)) }

  /// The tensor, to be written with elements of another type.
  public func stored(as type: StoredType) -> StoredTensor { StoredTensor(AnyTensor(self), as: type) }
}

/// A tensor under the name that it has in a file.
public struct NamedTensor: Hashable, Sendable {
  /// The name in the file.
  public var name: String
  /// What is written under it.
  public var value: StoredTensor

  /// A tensor under a name; its memory is shared.
  public init(_ name: String, _ tensor: any StorableTensor) {
    self.name = name
    value = tensor.stored
  }
}

extension [NamedTensor] {
  init(_ tensors: KeyValuePairs<String, any StorableTensor>) {
    self = tensors.map { NamedTensor($0.key, $0.value) }
  }

  /// - Throws: where two tensors have the same name.
  func requireUniqueNames(_ file: String) throws(ModelFileError) {
    var names: Set<ExactName> = []
    for tensor in self where !names.insert(ExactName(tensor.name)).inserted {
      throw ModelFileError(
        kind: .mismatch, file: file, expected: "each name once", found: "\"\(tensor.name)\" twice")
    }
  }
}
