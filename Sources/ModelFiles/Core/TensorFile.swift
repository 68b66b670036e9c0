public import Tensor

/// A file of named tensors. Its contents are known once it is open; elements are read on demand.
///
/// ```swift
/// let file = try openTensorFile("weights.safetensors")
/// for tensor in file.tensors { print(tensor.name, tensor.typeName, tensor.shape) }
/// let kernel: Tensor<Float> = try file.tensor("hidden1.kernel")
/// ```
public protocol TensorFile: Sendable {
  /// The path, or the name given to bytes in memory.
  var path: String { get }
  /// The tensors, in the file's order.
  var tensors: [TensorDescription] { get }
  /// Additional information in the file: the `__metadata__` of safetensors; empty for other formats.
  var metadata: [String: String] { get }

  /// Returns the description of a tensor.
  /// - Throws: ``ModelFileError`` if there is no such tensor, with the names of the existing ones.
  /// - Complexity: O(1) in the files of this module, O(*n*) by default.
  func description(of name: String) throws(ModelFileError) -> TensorDescription

  /// Reads a tensor.
  /// - Parameter name: a name in ``tensors``.
  /// - Parameter type: the element type of the result.
  /// - Parameter converting: whether elements of another type are converted, as by `Tensor.cast(to:)`. Without it, a
  ///   tensor can be read from its own type and from file types that it represents exactly: `float16` and `bfloat16` in
  ///   Float and Double; `int8`, `int16` and `uint16` in Int32 and Int64; `uint32` in Int64; `uint64` in Int64 if all
  ///   elements are in its range.
  /// - Throws: ``ModelFileError`` if there is no such tensor, it has another type, or the file is damaged.
  func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type, converting: Bool
  ) throws(ModelFileError) -> Tensor<Scalar>
}

extension TensorFile {
  public var metadata: [String: String] { [:] }

  /// Reads a tensor: `let kernel: Tensor<Float> = try file.tensor("kernel")`.
  /// - Throws: ``ModelFileError`` if there is no such tensor, it has another type, or the file is damaged.
  public func tensor<Scalar: TensorScalar>(
    _ name: String, converting: Bool = false
  ) throws(ModelFileError) -> Tensor<Scalar> {
    try tensor(name, as: Scalar.self, converting: converting)
  }

  /// Reads a tensor in the smallest tensor type that can represent every value of its own type.
  /// - Throws: the errors of `tensor(_:as:converting:)`, and an error for a `uint64` element above `Int64.max`.
  public func anyTensor(_ name: String) throws(ModelFileError) -> AnyTensor {
    func read<Scalar: TensorScalar>(_: Scalar.Type) throws(ModelFileError) -> AnyTensor {
      AnyTensor(try tensor(name) as Tensor<Scalar>)
    }
    let type = try description(of: name).requiredType(in: path).readingType.scalar
    return try read(type)
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    guard let description = tensors.first(where: { $0.name.isExactly(name) }) else {
      throw .missing("tensor", name, file: path, existing: tensors.lazy.map(\.name))
    }
    return description
  }
}

extension TensorDescription {
  /// The type of the elements, if a tensor can have it.
  func requiredType(in file: String) throws(ModelFileError) -> StoredType {
    guard let type else {
      throw ModelFileError(
        kind: .unsupported, file: file, place: name,
        expected: "one of the types \(StoredType.allCases.map(\.name).joined(separator: " "))", found: typeName)
    }
    return type
  }
}

extension ModelFileError {
  /// The error for an unknown name, with the existing ones.
  static func missing(
    _ kind: String, _ name: String, file: String, existing: some Collection<String>
  ) -> ModelFileError {
    let names = existing.prefix(20).map { "\"\($0.shortened(to: 60))\"" }.joined(separator: ", ")
    let found = existing.isEmpty ? "none" : existing.count > 20 ? "\(names) and \(existing.count - 20) more" : names
    return ModelFileError(
      kind: .missing, file: file, expected: "a \(kind) \"\(name.shortened(to: 200))\"", found: found)
  }
}
