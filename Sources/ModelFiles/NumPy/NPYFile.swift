public import Tensor

/// A `.npy` file as a file with one tensor, named after the file: `x` in `x.npy`.
public struct NPYFile: TensorFile {
  public let path: String
  public let tensors: [TensorDescription]
  private let bytes: FileBytes
  private let elements: StoredElements

  /// Reads the header.
  /// - Throws: ``ModelFileError`` if the file cannot be opened, or its header is damaged.
  public init(_ path: String) throws(ModelFileError) { try self.init(FileBytes(path: path)) }

  init(_ bytes: FileBytes) throws(ModelFileError) {
    let header = try NumPyHeader(of: bytes)
    path = bytes.name
    self.bytes = bytes
    elements = header.elements
    let file = bytes.name.split(separator: "/").last.map(String.init) ?? bytes.name
    let name = file.hasSuffix(".npy") ? String(file.dropLast(4)) : file
    tensors = [
      TensorDescription(name: name, type: header.type, shape: header.shape, byteCount: header.dataByteCount)
    ]
  }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type, converting: Bool
  ) throws(ModelFileError) -> Tensor<Scalar> {
    _ = try description(of: name)
    return try Tensor(elements, from: bytes, converting: converting)
  }
}
