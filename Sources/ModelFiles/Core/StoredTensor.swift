public import Tensor

/// What can be written to a file: a tensor, or one that says as which type it is to be stored.
///
///     try NPZFile.write(["x": x, "labels": labels, "kernel": kernel.stored(as: .float16)], to: "data.npz")
public protocol StorableTensor: Sendable {
  var stored: StoredTensor { get }
}

/// A tensor and the type that its elements have in a file.
public struct StoredTensor: Hashable, Sendable {
  public let tensor: AnyTensor
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
  public var stored: StoredTensor { self }
}

extension AnyTensor: StorableTensor {
  public var stored: StoredTensor { StoredTensor(self) }
}

extension Tensor: StorableTensor {
  public var stored: StoredTensor { StoredTensor(AnyTensor(self)) }

  /// The tensor, to be written with elements of another type.
  public func stored(as type: StoredType) -> StoredTensor { StoredTensor(AnyTensor(self), as: type) }
}

/// A tensor under the name that it has in a file.
public struct NamedTensor: Hashable, Sendable {
  public var name: String
  public var value: StoredTensor

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
    var names: Set<String> = []
    for tensor in self where !names.insert(tensor.name).inserted {
      throw ModelFileError(
        kind: .mismatch, file: file, expected: "each name once", found: "\"\(tensor.name)\" twice")
    }
  }
}
