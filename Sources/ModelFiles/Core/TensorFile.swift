public import Tensor

/// A file of named tensors. What is in it is known once it is open; elements are read when they are asked for.
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
  /// What the file says besides: the `__metadata__` of safetensors, nothing in other formats.
  var metadata: [String: String] { get }

  /// What the file says of a tensor.
  /// - Throws: where there is no such tensor, with the names of those that there are.
  /// - Complexity: O(1) in the files of this module, O(*n*) by default.
  func description(of name: String) throws(ModelFileError) -> TensorDescription

  /// Reads a tensor.
  /// - Parameter name: as ``tensors`` lists it.
  /// - Parameter type: the element type of the result.
  /// - Parameter converting: whether elements of another type are converted, as `Tensor.cast(to:)` does it. Without it
  ///   a tensor reads its own type, and exactly what it can hold of the types that tensors do not have: `float16` and
  ///   `bfloat16` in Float and Double; `int8`, `int16` and `uint16` in Int32 and Int64; `uint32` in Int64; `uint64` in
  ///   Int64 while the elements fit.
  /// - Throws: where there is no such tensor, where it is of another type, where the file is damaged.
  func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type, converting: Bool
  ) throws(ModelFileError) -> Tensor<Scalar>
}

extension TensorFile {
  public var metadata: [String: String] { [:] }

  /// Reads a tensor: `let kernel: Tensor<Float> = try file.tensor("kernel")`.
  /// - Throws: ``ModelFileError`` where there is no such tensor, where it is of another type, where the file is damaged.
  public func tensor<Scalar: TensorScalar>(
    _ name: String, converting: Bool = false
  ) throws(ModelFileError) -> Tensor<Scalar> {
    try tensor(name, as: Scalar.self, converting: converting)
  }

  /// Reads a tensor in the smallest type of tensors that holds every value of its own type.
  /// - Throws: as `tensor(_:as:converting:)`, and for `uint64` where an element is above `Int64.max`.
  public func anyTensor(_ name: String) throws(ModelFileError) -> AnyTensor {
    let description = try description(of: name)
    return switch try description.requiredType(in: path).readingType {
    case .float: .float(try tensor(name))
    case .double: .double(try tensor(name))
    case .int32: .int32(try tensor(name))
    case .int64: .int64(try tensor(name))
    case .uint8: .uint8(try tensor(name))
    case .bool: .bool(try tensor(name))
    }
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    guard let description = tensors.first(where: { $0.name.isExactly(name) }) else {
      throw .missing("tensor", name, file: path, existing: tensors.lazy.map(\.name))
    }
    return description
  }
}

extension TensorDescription {
  /// The type of the elements, if tensors can be made of them.
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
  /// Nothing of a name, and what there is instead.
  static func missing(
    _ kind: String, _ name: String, file: String, existing: some Collection<String>
  ) -> ModelFileError {
    let names = existing.prefix(20).map { "\"\($0.shortened(to: 60))\"" }.joined(separator: ", ")
    let found = existing.isEmpty ? "none" : existing.count > 20 ? "\(names) and \(existing.count - 20) more" : names
    return ModelFileError(
      kind: .missing, file: file, expected: "a \(kind) \"\(name.shortened(to: 200))\"", found: found)
  }
}
