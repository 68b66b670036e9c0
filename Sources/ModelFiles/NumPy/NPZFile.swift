public import Tensor

/// A `.npz` file: named arrays, in the format of `numpy.savez` and `numpy.savez_compressed`.
///
/// ```swift
/// let file = try NPZFile("weights.npz")
/// let kernel: Tensor<Float> = try file.tensor("hidden1.kernel")
///
/// try NPZFile.write(["x": x, "labels": labels], to: "data.npz", compressed: true)
/// ```
///
/// Opening fails if members overlap or have the same name, a name leads out of its directory, there are bytes before or
/// after the archive, or a size is impossible. Members that are not arrays are ignored. Arrays are named without
/// `.npy`, whether their members end with it or not.
/// - Complexity: opening reads the directory and the head of each member, O(*members*), and takes at most some ten
///   times the directory's size of memory.
public struct NPZFile: TensorFile {
  public var path: String { archive.file.name }
  public let tensors: [TensorDescription]
  /// The index of a tensor among the descriptions, and its member.
  private let places: [ExactName: (index: Int, member: ZipMember)]
  private let archive: ZipReader
  private let maximumExpansion: Int

  /// Opens a file.
  /// - Parameter path: the archive's path.
  /// - Parameter maximumExpansion: the largest ratio of a member's size to its size in the file, for members that
  ///   expand to more than 256 MiB. Arrays of zeros compress a thousandfold; so do zip bombs.
  /// - Throws: ``ModelFileError`` if the file cannot be read or is rejected.
  public init(_ path: String, maximumExpansion: Int = 100) throws(ModelFileError) {
    try self.init(ZipReader(path: path), maximumExpansion)
  }

  /// Opens an archive in memory.
  /// - Parameter bytes: the whole archive.
  /// - Parameter name: the name of the bytes in errors.
  /// - Parameter maximumExpansion: the largest ratio of a member's size to its size in the archive.
  /// - Throws: ``ModelFileError`` if the archive is rejected.
  public init(
    bytes: [UInt8], name: String = "bytes in memory", maximumExpansion: Int = 100
  ) throws(ModelFileError) {
    try self.init(ZipReader(bytes: bytes, name: name), maximumExpansion)
  }

  init(_ archive: ZipReader, _ maximumExpansion: Int = 100) throws(ModelFileError) {
    var tensors: [TensorDescription] = []
    var places: [ExactName: (index: Int, member: ZipMember)] = [:]
    for (member, name) in try Self.arrays(in: archive) {
      places[ExactName(name)] = (tensors.count, member)
      tensors.append(try Self.description(of: member, named: name, in: archive))
    }
    guard !tensors.isEmpty || archive.members.isEmpty else {
      throw ModelFileError(
        kind: .format, file: archive.file.name, expected: "members that end in .npy",
        found: archive.members.map { "\"\($0.name)\"" }.listed)
    }
    self.archive = archive
    self.tensors = tensors
    self.places = places
    self.maximumExpansion = maximumExpansion
  }

  private static let suffix = ".npy"

  /// Members that are arrays, with their names without the suffix, which some software omits. If two members would have
  /// the same name, the one with the suffix keeps it, as in NumPy.
  private static func arrays(in archive: ZipReader) throws(ModelFileError) -> [(ZipMember, String)] {
    var result: [(ZipMember, String)] = []
    for member in archive.members {
      guard member.name.hasSuffix(suffix) else {
        if try isArray(member, in: archive) { result.append((member, member.name)) }
        continue
      }
      let name = String(member.name.dropLast(suffix.count))
      let isTaken = try archive[name].map { other throws(ModelFileError) in try isArray(other, in: archive) } ?? false
      result.append((member, isTaken ? member.name : name))
    }
    return result
  }

  private static func isArray(_ member: ZipMember, in archive: ZipReader) throws(ModelFileError) -> Bool {
    if member.name.hasSuffix(suffix) { return true }
    let magic = NumPyHeader.magic
    guard member.byteCount >= magic.count else { return false }
    return try archive.read(member) { (source) throws(ModelFileError) in
      let bytes = try [UInt8](byteCount: magic.count) { (memory) throws(ModelFileError) in
        try source.read(into: memory, at: 0)
      }
      return bytes == magic
    }
  }

  private static func description(
    of member: ZipMember, named name: String, in archive: ZipReader
  ) throws(ModelFileError) -> TensorDescription {
    do {
      let header = try archive.read(member) { (source) throws(ModelFileError) in try NumPyHeader(of: source) }
      return TensorDescription(name: name, type: header.type, shape: header.shape, byteCount: header.dataByteCount)
    } catch {
      // A member of an unsupported type is an array nevertheless.
      guard error.kind == .unsupported else { throw error }
      return TensorDescription(
        name: name, type: nil, typeName: error.found, shape: [], byteCount: member.byteCount)
    }
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    try tensors[place(of: name).index]
  }

  private func place(of name: String) throws(ModelFileError) -> (index: Int, member: ZipMember) {
    guard let place = places[ExactName(name)] else {
      throw .missing("tensor", name, file: path, existing: tensors.lazy.map(\.name))
    }
    return place
  }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type, converting: Bool
  ) throws(ModelFileError) -> Tensor<Scalar> {
    let member = try place(of: name).member
    try archive.requireExpansion(of: member, atMost: maximumExpansion, from: 1 << 28)
    return try archive.read(member) { (source) throws(ModelFileError) in
      try Tensor(NumPyHeader(of: source).elements, from: source, converting: converting)
    }
  }
}

// MARK: Writing

extension NPZFile {
  /// Writes tensors in order. The file appears under its name when it is complete.
  /// - Parameter tensors: the tensors, in order.
  /// - Parameter path: the archive's path.
  /// - Parameter compressed: whether members are deflated; weights hardly become smaller.
  /// - Throws: ``ModelFileError`` for names that occur twice, are absolute or lead out of a directory, and for types
  ///   that `.npy` files do not have (bfloat16); no file is left behind.
  /// - Complexity: O(*n*), with memory for the largest tensor.
  public static func write(
    _ tensors: KeyValuePairs<String, any StorableTensor>, to path: String, compressed: Bool = false
  ) throws(ModelFileError) {
    try write([NamedTensor](tensors), to: path, compressed: compressed)
  }

  /// Writes tensors in order, like `write(_:to:compressed:)`.
  public static func write(
    _ tensors: [NamedTensor], to path: String, compressed: Bool = false
  ) throws(ModelFileError) {
    try ZipWriter.write(members(tensors, path), to: path, compressed: compressed)
  }

  /// Returns the bytes that `write(_:to:compressed:)` writes.
  public static func bytes(
    _ tensors: KeyValuePairs<String, any StorableTensor>, compressed: Bool = false
  ) throws(ModelFileError) -> [UInt8] {
    try bytes([NamedTensor](tensors), compressed: compressed)
  }

  /// Returns the bytes that `write(_:to:compressed:)` writes.
  public static func bytes(_ tensors: [NamedTensor], compressed: Bool = false) throws(ModelFileError) -> [UInt8] {
    let name = "bytes in memory"
    return try ZipWriter.bytes(members(tensors, name), name: name, compressed: compressed)
  }

  private static func members(_ tensors: [NamedTensor], _ path: String) throws(ModelFileError) -> [ZipWriter.Member] {
    try tensors.requireUniqueNames(path)
    let file = FileBytes(bytes: [], name: path)
    var members: [ZipWriter.Member] = []
    for tensor in tensors {
      let name = tensor.name + suffix
      try ZipDirectory.require(name, file)
      members.append((name, try content(tensor.value.tensor.opened, tensor.value.type, file: path, name: name)))
    }
    return members
  }

  /// A tensor as a member of an archive.
  private static func content(
    _ elements: some TypedTensor, _ type: StoredType, file: String, name: String
  ) throws(ModelFileError) -> ZipContent {
    let tensor = elements.tensor
    try ModelFileError.from { () throws(NumPyFileError) in try type.requireNumPyName(file) }
    let byteCount = tensor.npyHeader(as: type).count + tensor.count * type.byteCount
    return ZipContent(byteCount: byteCount) { () throws(ModelFileError) in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(byteCount)
      try tensor.encode(
        as: type, fortranOrder: nil,
        refuse: { ModelFileError(kind: .elementType, file: file, place: "member \(name)", expected: $0, found: $1) },
        { (piece) throws(ModelFileError) in bytes.append(contentsOf: piece) })
      return bytes
    }
  }
}
