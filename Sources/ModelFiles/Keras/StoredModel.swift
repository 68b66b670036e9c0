internal import Activations
internal import KerasFormat
internal import Layers
internal import Tensor

/// A model in a file: its configuration, and its weights in one of the formats.
struct StoredModel {
  /// The name in errors: `config.json`, or the attribute of an `.h5` file.
  private let place: String
  private let file: String
  private let configuration: Configuration
  /// The description of training, if it is not in the configuration.
  private var training: String?
  private let dialect: KerasDialect
  private let isOfKeras1: Bool
  private let weights: StoredWeights
  private var vocabularies: [String: [UInt8]] = [:]

  init(_ source: FileBytes) throws(ModelFileError) {
    switch try openTensorFile(source) {
    case let file as KerasFile: try self.init(file)
    case let file as HDF5File: try self.init(file)
    default: throw Self.noModel(source.name, "arrays alone")
    }
  }

  /// - Parameter version: Keras's version: the same name means different functions in Keras 2 and 3.
  private static func dialect(
    _ version: String, _ file: String, _ place: String
  ) throws(ModelFileError) -> KerasDialect {
    guard let major = Int(version.prefix { $0.isASCII && $0.isNumber }), (1...3).contains(major),
      let dialect = KerasDialect(version: version)
    else {
      throw ModelFileError(
        kind: .unsupported, file: file, place: place, expected: "a model of Keras 1, 2 or 3",
        found: version.isEmpty ? "no keras_version" : "the keras_version \"\(version)\"")
    }
    return dialect
  }

  private static func noModel(_ path: String, _ found: String) -> ModelFileError {
    ModelFileError(
      kind: .format, file: path,
      expected: "a model in a .keras file, or in an .h5 file that contains more than weights",
      found: found)
  }

  private init(_ file: KerasFile) throws(ModelFileError) {
    place = KerasFile.Member.configuration
    self.file = file.path
    configuration = file.configuration
    dialect = try Self.dialect(file.kerasVersion, file.path, KerasFile.Member.metadata)
    isOfKeras1 = false
    weights = .tree(WeightTree(file.weights))
    vocabularies = file.vocabularies
  }

  private init(_ file: HDF5File) throws(ModelFileError) {
    self.file = file.path
    place = "/, attribute model_config"
    guard let weights = LegacyWeights(file), let text = file.attributes()["model_config"]?.text else {
      throw Self.noModel(
        file.path,
        LegacyWeights(file) != nil || WeightTree(file).hasWeights
          ? "only weights, which a model's readWeights(from:) reads" : "neither a model nor weights of one")
    }
    configuration = try Self.json(text, file.path, place)
    training = file.attributes()["training_config"]?.text
    let attributes = file.attributes().merging(file.attributes(of: "model_weights")) { first, _ in first }
    // Keras 1 did not write it at first.
    dialect =
      try attributes["keras_version"].map { version throws(ModelFileError) in
        try Self.dialect(version.text ?? "\(version)", file.path, "/, attribute keras_version")
      } ?? .keras2
    isOfKeras1 = attributes["keras_version"].map { $0.text?.hasPrefix("1.") == true } ?? true
    self.weights = .legacy(weights)
  }

  private static func json(_ text: String, _ file: String, _ place: String) throws(ModelFileError) -> Configuration {
    do {
      return try Configuration(json: text)
    } catch {
      throw ModelFileError(notJSON: error, file, place)
    }
  }

  /// The model with its weights.
  func model<Scalar: RealScalar>(
    registry: LayerRegistry<Scalar>, compile: Bool
  ) throws(ModelFileError) -> Model<Scalar> {
    var model: Model<Scalar>
    do {
      model = try readModel(configuration: configuration, dialect: dialect, registry: registry, compile: false)
    } catch {
      throw mismatch(place, error)
    }
    try setVocabularies(of: &model)
    let hasOptimizer = compile && self.compile(&model, registry)
    try weights.read(into: &model, dialect: hasOptimizer ? dialect : nil)
    return model
  }

  private func setVocabularies<Scalar: RealScalar>(of model: inout Model<Scalar>) throws(ModelFileError) {
    if vocabularies.isEmpty { return }
    let layers = WeightPlaces(model).layers
    for (place, text) in vocabularies.sorted(by: { $0.key < $1.key }) {
      guard let names = layers[place]?.parts(between: "/", omittingEmpty: false).map(String.init) else { continue }
      let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
      do {
        try model.changeLayer(names[...]) { layer in
          guard var changed = layer as? any VocabularyLayer<Scalar> else { return }
          try changed.setVocabulary(lines: lines)
          layer = changed
        }
      } catch {
        throw mismatch("assets/\(place)/vocabulary.txt", error)
      }
    }
  }

  /// The model's layers that are not known here.
  func unknownLayers() throws(ModelFileError) -> UnknownLayers? {
    do {
      return try KerasFormat.unknownLayers(configuration: configuration, registry: LayerRegistry<Float>())
    } catch {
      throw mismatch(place, error)
    }
  }

  /// Compiles the model according to the file, and returns whether its optimizer is the file's.
  private func compile<Scalar: RealScalar>(_ model: inout Model<Scalar>, _ registry: LayerRegistry<Scalar>) -> Bool {
    let name = training == nil ? "compile_config" : "training_config"
    let given: Configuration?
    do throws(ConfigurationError) {
      given = try training.map { text throws(ConfigurationError) in try Configuration(json: text) }
    } catch {
      model.graph.notes.append("\(name): \(error); the model is not compiled")
      return false
    }
    guard let description = given ?? configuration["compile_config"], description != .null, description != [:] else {
      return false
    }
    let isOfFile = model.compile(as: description, at: name, dialect: dialect, registry: registry)
    if isOfFile, case .tree = weights, description["optimizer"]?["module"]?.asString?.contains("legacy") == true {
      model.graph.notes.append(
        "\(name): Keras saves no state of its legacy optimizers in .keras files; the optimizer starts again")
    }
    return isOfFile
  }

  private func mismatch(_ place: String, _ error: any Error) -> ModelFileError {
    var (place, cause) = (place, error)
    if let error = error as? ModelConfigurationError {
      if !error.place.isEmpty { place += ", \(error.place)" }
      cause = error.cause
    }
    var kind = ModelFileError.Kind.mismatch
    switch cause {
    case is UnknownLayers, ConfigurationError.unknownName, ActivationError.unknownName:
      kind = .unsupported
    case let reason as ModelConfigurationError.Reason:
      return ModelFileError(kind: kind, file: file, place: place, expected: reason.expected, found: reason.found)
    case LayerError.outputShape(let layer, let expected, let found):
      return ModelFileError(
        kind: .limit, file: file, place: place, expected: "as the output of \(layer) \(expected)", found: found)
    case ConfigurationError.parameterOutOfRange(let owner, let parameter, let value, let allowed):
      return ModelFileError(
        kind: kind, file: file, place: place, expected: "\(allowed) as \(parameter) of \(owner)",
        found: String(value.prefix(60)))
    default: break
    }
    return ModelFileError(
      kind: kind, file: file, place: place,
      expected: isOfKeras1
        ? "a model of those layers of Keras 1 that Keras 2 still has" : "a model of the layers that there are",
      found: "\(cause)")
  }
}

extension Model {
  /// Changes the layer of a name, after the names of the models around it.
  fileprivate mutating func changeLayer(
    _ names: ArraySlice<String>, _ change: (inout any Layer<Scalar>) throws -> Void
  ) throws {
    guard let name = names.first, let index = stages.firstIndex(where: { $0.name.isExactly(name) }) else { return }
    try graph.changeStages { stages in
      if names.count == 1 { return try change(&stages[index].layer) }
      guard var model = stages[index].layer as? Model else { return }
      try model.changeLayer(names.dropFirst(), change)
      stages[index].layer = model
    }
  }
}
