internal import Activations
internal import KerasFormat
internal import Layers
internal import Tensor

/// The weights of a model in one of the formats of files.
enum StoredWeights {
  /// Keras 3's groups.
  case tree(WeightTree)
  /// Keras 2's lists.
  case legacy(LegacyWeights)
  /// The package's names: `hidden1.kernel`.
  case named(any TensorFile)

  /// Determined by the file's contents.
  init(path: String) throws(ModelFileError) {
    if path.hasSuffix(".weights.json") {
      self = .tree(try WeightTree(listedIn: path))
      return
    }
    switch try openTensorFile(path) {
    case let file as KerasFile: self = .tree(WeightTree(file.weights))
    case let file as HDF5File: self = LegacyWeights(file).map { .legacy($0) } ?? .tree(WeightTree(file))
    case let file: self = .named(file)
    }
  }

  /// Sets all weights, or none if it throws.
  /// - Parameter dialect: given if the file contains a whole model, whose optimizer then continues. If its state does
  ///   not fit the model's optimizer, that starts again, and the model's notes say so.
  func read<Scalar: RealScalar>(into model: inout Model<Scalar>, dialect: KerasDialect?) throws(ModelFileError) {
    var changed = model
    do {
      if !changed.isBuilt { try changed.placeWeights() }
    } catch {
      // Keras saved it before its first call.
      if case .tree(let tree) = self, !tree.hasWeights { return }
      throw self.error(.mismatch, expected: "a model whose input's shape is known", found: "\(error)")
    }
    let values: [Tensor<Scalar>?]
    let places = WeightPlaces(changed)
    switch self {
    case .tree(let tree): values = try tree.values(places)
    case .legacy(let legacy): values = try legacy.values(changed)
    case .named(let file): values = try file.values(changed.namedWeights)
    }
    var index = 0
    // Weights that Keras had not created when it saved are initialised, in the same way at every reading.
    var generator = PhiloxGenerator(seed: 0)
    changed.forEachWeight { weight in
      weight.value = values[index] ?? weight.initializer(weight.value.shape, using: &generator)
      index += 1
    }
    if let dialect, changed.compilation != nil {
      do {
        try optimizer()?.restore(&changed.compilation!.optimizer, places, dialect: dialect)
      } catch {
        guard [.mismatch, .missing, .unsupported].contains(error.kind) else { throw error }
        changed.graph.notes.append("\(error.withoutFile); the optimizer starts again")
      }
    }
    model = changed
  }

  /// The state of an optimizer in the file.
  private func optimizer<Scalar: RealScalar>() throws(ModelFileError) -> OptimizerVariables<Scalar>? {
    switch self {
    case .tree(let tree): try tree.optimizer()
    case .legacy(let legacy): try legacy.optimizer()
    case .named: nil
    }
  }

  private var path: String {
    switch self {
    case .tree(let tree): tree.path
    case .legacy(let legacy): legacy.path
    case .named(let file): file.path
    }
  }

  private func error(_ kind: ModelFileError.Kind, expected: String, found: String) -> ModelFileError {
    ModelFileError(kind: kind, file: path, expected: expected, found: found)
  }
}

extension TensorFile {
  /// The values of named weights; others are an error.
  fileprivate func values<Scalar: RealScalar>(
    _ weights: [(name: String, value: Tensor<Scalar>)]
  ) throws(ModelFileError) -> [Tensor<Scalar>?] {
    let known = Set(weights.map { ExactName($0.name) })
    if let stranger = tensors.first(where: { !known.contains(ExactName($0.name)) }) {
      throw ModelFileError(
        kind: .mismatch, file: path, place: stranger.name,
        expected: "weights of the model: \(weights.map(\.name).listed)", found: "another tensor")
    }
    var values: [Tensor<Scalar>?] = []
    for (name, value) in weights {
      let found = try description(of: name).shape
      guard found == value.shape else {
        throw ModelFileError(
          kind: .mismatch, file: path, place: name, expected: "the shape \(value.shape)", found: "\(found)")
      }
      values.append(try tensor(name, as: Scalar.self, converting: true))
    }
    return values
  }
}

extension WeightTree {
  /// A model's weights in several files beside `path`, which is the index.
  init(listedIn path: String) throws(ModelFileError) {
    let source = try FileBytes(path: path)
    func error(_ place: String?, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(kind: .format, file: path, place: place, expected: expected, found: found)
    }
    let list: Configuration
    do {
      list = try Configuration(json: source.bytes(0..<source.byteCount))
    } catch let failure as ModelFileError {
      throw failure
    } catch let failure {
      throw error(nil, "JSON", "\(failure)")
    }
    guard let map = list["weight_map"]?.asObject else { throw error("weight_map", "an object of files", "none") }
    var names: Set<String> = []
    for (group, files) in map {
      for file in files.asList ?? [files] {
        guard let name = file.asString, !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")),
          !name.utf8.contains(UInt8(ascii: "\\"))
        else {
          throw error("weight_map, \(group)", "names of files in the same folder", "\(file)")
        }
        names.insert(name)
      }
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var shards: [HDF5File] = []
    for name in names.sorted() { shards.append(try HDF5File(folder + name)) }
    self.init(path: path, shards: shards)
  }
}
