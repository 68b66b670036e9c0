public import Tensor

/// A safetensors file: named tensors and strings about them. Prefer this format for files from strangers: a JSON
/// header, data, and nothing that could be executed.
///
/// ```swift
/// let file = try SafetensorsFile("weights.safetensors")
/// let kernel: Tensor<Float> = try file.tensor("hidden1.kernel")
///
/// try SafetensorsFile.write(["hidden1.kernel": kernel.stored(as: .bfloat16)], to: "small.safetensors")
/// ```
///
/// Opening a file checks every rule of the format: each tensor has the number of bytes that its shape requires, the
/// tensors cover the data without gap or overlap, no name occurs twice. A `BOOL` is true for every byte except 0.
/// Tensors of types without a counterpart here (such as `F8_E4M3` and `C64`) are listed, and reading them throws.
/// - Complexity: opening reads only the header, and takes at most some thirty times its size of memory.
public struct SafetensorsFile: TensorFile {
  public var path: String { bytes.name }
  public let tensors: [TensorDescription]
  public let metadata: [String: String]
  private let bytes: FileBytes
  /// The index of a tensor among the descriptions, and its elements in the file.
  private let places: [ExactName: (index: Int, offset: Int)]

  /// Opens a file.
  /// - Throws: ``ModelFileError`` if the file cannot be read or breaks a rule of the format.
  public init(_ path: String) throws(ModelFileError) { try self.init(FileBytes(path: path)) }

  /// Maps a file into memory: tensors of the file's own types are views of it if their data starts at a multiple of the
  /// element's size, and copy elements only before they write. Elements are read only when they are accessed.
  ///
  /// The file must not change while a tensor refers to it: reads are then undefined, and a truncated file stops the
  /// program.
  /// - Throws: ``ModelFileError`` if the file cannot be mapped or breaks a rule of the format.
  public init(mapping path: String) throws(ModelFileError) { try self.init(FileBytes(mapping: path)) }

  /// Opens a file in memory.
  /// - Parameter bytes: the whole file.
  /// - Parameter name: the name of the bytes in errors.
  /// - Throws: ``ModelFileError`` if they break a rule of the format.
  public init(bytes: [UInt8], name: String = "bytes in memory") throws(ModelFileError) {
    try self.init(FileBytes(bytes: bytes, name: name))
  }

  init(_ bytes: FileBytes) throws(ModelFileError) {
    let header = try SafetensorsHeader(of: bytes)
    self.bytes = bytes
    metadata = header.metadata
    tensors = header.entries.map { entry in
      TensorDescription(
        name: entry.name, type: SafetensorsType.named(entry.typeName)?.type, typeName: entry.typeName,
        shape: entry.shape, byteCount: entry.bytes.count)
    }
    places = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { (ExactName($1.name), ($0, $1.bytes.lowerBound)) })
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    tensors[try place(of: name).index]
  }

  private func place(of name: String) throws(ModelFileError) -> (index: Int, offset: Int) {
    guard let place = places[ExactName(name)] else {
      throw .missing("tensor", name, file: path, existing: tensors.lazy.map(\.name))
    }
    return place
  }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type, converting: Bool
  ) throws(ModelFileError) -> Tensor<Scalar> {
    let place = try place(of: name)
    let description = tensors[place.index]
    let elements = StoredElements(
      type: try description.requiredType(in: path), isByteSwapped: 1.littleEndian != 1, shape: description.shape,
      offset: place.offset)
    let source = SafetensorsSource(file: bytes, tensor: name)
    if let mapped = bytes.mapped, description.shape.count <= Tensor<Scalar>.maximumRank,
      let view = try? Tensor<Scalar>(mapping: elements, in: mapped, of: source)
    {
      return view
    }
    return try Tensor(elements, from: source, converting: converting)
  }
}

/// The bytes of a file, for one of its tensors.
private struct SafetensorsSource: ByteSource {
  let file: FileBytes
  let tensor: String

  var name: String { file.name }
  var byteCount: Int { file.byteCount }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(ModelFileError) {
    try file.read(into: memory, at: offset)
  }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> ModelFileError {
    ModelFileError(kind, name, in: "tensor \(tensor)", at: offset, expected: expected, found: found)
  }
}

// MARK: Writing

extension SafetensorsFile {
  /// Writes tensors, byte for byte like the format's own writer: larger types first, then by name. The file appears
  /// under its name when it is complete.
  /// - Parameter tensors: the tensors.
  /// - Parameter metadata: strings about the tensors: `["format": "pt"]`. They are written in the order of their keys;
  ///   the format's own writer uses any order.
  /// - Parameter path: the file's path.
  /// - Throws: ``ModelFileError`` for names that occur twice or are `__metadata__`, and for tensors that cannot be
  ///   written as their type.
  /// - Complexity: O(*n*); contiguous tensors are written from their own memory, others in pieces.
  public static func write(
    _ tensors: KeyValuePairs<String, any StorableTensor>, metadata: [String: String] = [:], to path: String
  ) throws(ModelFileError) {
    try write([NamedTensor](tensors), metadata: metadata, to: path)
  }

  /// Writes tensors like `write(_:metadata:to:)`.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to path: String
  ) throws(ModelFileError) {
    let sink = try ModelFileError.from { () throws(NumPyFileError) in try FileSink(path: path) }
    try encode(tensors, metadata, path) { (bytes) throws(ModelFileError) in
      try ModelFileError.from { () throws(NumPyFileError) in try sink.write(bytes) }
    }
    try ModelFileError.from { () throws(NumPyFileError) in try sink.commit() }
  }

  /// Returns the bytes that `write(_:metadata:to:)` writes.
  public static func bytes(
    _ tensors: KeyValuePairs<String, any StorableTensor>, metadata: [String: String] = [:]
  ) throws(ModelFileError) -> [UInt8] {
    try bytes([NamedTensor](tensors), metadata: metadata)
  }

  /// Returns the bytes that `write(_:metadata:to:)` writes.
  public static func bytes(
    _ tensors: [NamedTensor], metadata: [String: String] = [:]
  ) throws(ModelFileError) -> [UInt8] {
    var result: [UInt8] = []
    try encode(tensors, metadata, "bytes in memory") { result.append(contentsOf: $0) }
    return result
  }

  private static func encode(
    _ tensors: [NamedTensor], _ metadata: [String: String], _ path: String,
    _ write: @escaping (UnsafeRawBufferPointer) throws(ModelFileError) -> Void
  ) throws(ModelFileError) {
    try tensors.requireUniqueNames(path)
    if tensors.contains(where: { $0.name == "__metadata__" }) {
      throw ModelFileError(
        kind: .mismatch, file: path, expected: "names other than __metadata__, which stands for the strings",
        found: "a tensor of that name")
    }
    let ordered = tensors.sorted { left, right in
      let (first, second) = (SafetensorsType.of(left.value.type).rank, SafetensorsType.of(right.value.type).rank)
      return first != second ? first > second : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    let header = SafetensorsHeader.encoded(ordered, metadata: metadata)
    guard header.count - 8 <= SafetensorsHeader.maximumByteCount else {
      throw ModelFileError(
        kind: .limit, file: path,
        expected: "names of tensors in a header of at most \(SafetensorsHeader.maximumByteCount) bytes",
        found: "one of \(header.count - 8)")
    }
    let result = header.withUnsafeBytes { memory in Result { () throws(ModelFileError) in try write(memory) } }
    try result.get()
    for tensor in ordered {
      func encode(_ elements: some TypedTensor) throws(ModelFileError) {
        try elements.tensor.writeElements(
          as: tensor.value.type,
          refuse: {
            ModelFileError(
              kind: .elementType, file: path, place: "tensor \(tensor.name)", expected: $0, found: $1)
          },
          write)
      }
      try encode(tensor.value.tensor.opened)
    }
  }
}
