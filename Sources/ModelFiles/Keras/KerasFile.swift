public import Activations
internal import KerasFormat
internal import Layers
public import Tensor

/// A `.keras` file: the configuration of a model and its weights.
///
/// ```swift
/// let file = try KerasFile("Examples/digits/digits_snn.keras")
/// print(file.kerasVersion, file.tensors.map(\.name))
/// ```
public struct KerasFile: TensorFile {
  public let path: String
  /// `keras_version` and `date_saved`.
  public let metadata: [String: String]
  /// The contents of config.json.
  public let configuration: Configuration
  /// The tensors of `model.weights.h5`.
  public let weights: HDF5File

  /// The vocabularies that layers have in files of their own, by the layers' places: `layers/string_lookup`.
  let vocabularies: [String: [UInt8]]

  /// The version of Keras that wrote the file, such as `3.15.1`; empty if the file does not contain it.
  public var kerasVersion: String { metadata["keras_version"] ?? "" }
  public var tensors: [TensorDescription] { weights.tensors }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    try weights.description(of: name)
  }

  /// Members that expand to more than this many times their size in the file are rejected; Keras does not deflate.
  private static let expansionLimit = 100
  /// The largest size of a model's JSON: that of 20,000 layers is half as large.
  private static let textLimit = 1 << 25

  /// - Throws: ``ModelFileError`` for a file that is not a `.keras` file, and for a damaged one.
  public init(_ path: String) throws(ModelFileError) { try self.init(ZipReader(FileBytes(path: path))) }

  /// - Parameter bytes: the whole file.
  /// - Parameter name: the name of the bytes in errors.
  public init(bytes: [UInt8], name: String) throws(ModelFileError) {
    try self.init(ZipReader(FileBytes(bytes: bytes, name: name)))
  }

  init(_ zip: ZipReader) throws(ModelFileError) {
    let path = zip.file.name
    self.path = path
    let names = zip.members.map(\.name)
    guard names.contains(Member.weights) else {
      throw ModelFileError(
        kind: .missing, file: path, expected: "the member \(Member.weights)",
        found: names.contains("model.weights.npz") ? "model.weights.npz, whose arrays are pickled" : names.listed)
    }
    let metadata = try Self.json(zip, Member.metadata, path).asObject ?? [:]
    self.metadata = metadata.compactMapValues(\.asString)
    configuration = try Self.json(zip, Member.configuration, path)
    var vocabularies: [String: [UInt8]] = [:]
    for name in names where name.hasPrefix(Member.assets) && name.hasSuffix(Member.vocabulary) {
      try zip.requireExpansion(of: zip.member(name), atMost: Self.expansionLimit, from: 1 << 22)
      let place = name.dropFirst(Member.assets.count).dropLast(Member.vocabulary.count)
      vocabularies[String(place)] = try zip.bytes(of: name, limit: Self.textLimit)
    }
    self.vocabularies = vocabularies
    let member = try zip.member(Member.weights)
    try zip.requireExpansion(of: member, atMost: Self.expansionLimit, from: 1 << 28)
    do {
      weights = try zip.read(member) { source throws(ModelFileError) in try HDF5File(reading: source) }
    } catch {
      throw error.inside(Member.weights)
    }
  }

  /// Whether an archive has a member that distinguishes it from archives of arrays.
  static func isLike(_ zip: ZipReader) -> Bool {
    zip.members.contains { [Member.configuration, Member.weights].contains($0.name) }
  }

  enum Member {
    static let metadata = "metadata.json"
    static let configuration = "config.json"
    static let weights = "model.weights.h5"
    static let assets = "assets/"
    static let vocabulary = "/vocabulary.txt"
  }

  private static func json(_ zip: ZipReader, _ member: String, _ path: String) throws(ModelFileError) -> Configuration {
    try zip.requireExpansion(of: zip.member(member), atMost: expansionLimit, from: 1 << 22)
    let bytes = try zip.bytes(of: member, limit: textLimit)
    do {
      return try Configuration(json: bytes)
    } catch {
      throw ModelFileError(notJSON: error, path, member)
    }
  }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type = Scalar.self, converting: Bool = false
  ) throws(ModelFileError) -> Tensor<Scalar> {
    do {
      return try weights.tensor(name, as: Scalar.self, converting: converting)
    } catch {
      throw error.inside(Member.weights)
    }
  }
}

extension ModelFileError {
  /// The error inside a member of an archive.
  func inside(_ member: String) -> ModelFileError {
    let place = place.map { $0.hasPrefix(member) ? $0 : "\(member), \($0)" } ?? member
    return ModelFileError(kind: kind, file: file, place: place, expected: expected, found: found)
  }
}

extension ModelFileError {
  init(notJSON error: ConfigurationError, _ file: String, _ place: String) {
    let found = if case .notJSON(let reason) = error { reason } else { "\(error)" }
    self.init(kind: .format, file: file, place: place, expected: "JSON", found: found)
  }
}
