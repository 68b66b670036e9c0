public import Activations
public import Layers
public import Tensor

/// The model that a configuration of Keras describes, whose weights are yet to be made or read: ``/Layers/Sequential`` or ``/Layers/Functional``.
///
/// ```swift
/// let text = try String(contentsOfFile: "model.json", encoding: .utf8)   // model.to_json() in Python
/// let model: Model<Float> = try readModel(configuration: Configuration(json: text))
/// ```
///
/// Understood are the `config.json` of .keras files, the attribute `model_config` of .h5 files and what `to_json()` gives, all of
/// Keras 2 and 3. Layers keep their names and whether they are trained; what a layer's parameters say that has no counterpart
/// here is refused, not passed over.
/// - Parameter configuration: of a model: Keras's JSON.
/// - Parameter dialect: whose configuration it is. Without it, what its field `keras_version` says, and where there is none, its
///   form.
/// - Parameter registry: layers, activations and others of one's own.
/// - Parameter compile: whether the model is compiled as the configuration says, as far as there is a counterpart here;
///   ``/Layers/Model/notes`` tell what there is none for.
/// - Throws: ``ModelConfigurationError`` with the layer's place. Whatever the configuration says, neither time nor memory exceed
///   what its length accounts for: models lie at most 32 deep in one another, a model has at most 20,000 layers and computes
///   100,000, and the weights, and a sample of each layer's output, would fit into the machine's memory.
public func readModel<Scalar: RealScalar>(
  configuration: Configuration, dialect: KerasDialect? = nil, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelConfigurationError) -> Model<Scalar> {
  let dialect = dialect ?? configuration.dialect
  do {
    // The first versions of Keras wrote a list of layers for Sequential.
    let isList = configuration.asList != nil
    guard configuration != [] else {
      throw ModelConfigurationError(expected: "a Sequential or a Functional", found: "an empty list")
    }
    let entry = try LayerEntry(isList ? ["class_name": "Sequential", "config": configuration] : configuration, at: "")
    guard let kind = entry.modelClass else {
      throw ModelConfigurationError(expected: "a Sequential or a Functional", found: entry.className.onOneLine)
    }
    let context = ReadingContext(dialect, registry)
    try context.requireKnownClasses(entry)
    try entry.checkElementType()
    var model = try ModelReader(context).model(kind, entry)
    if compile, let training = configuration["compile_config"], training != .null, training != [:] {
      model.compile(as: training, at: "compile_config", dialect: dialect, registry: registry)
    }
    return model
  } catch {
    throw ModelConfigurationError(error)
  }
}

extension Model {
  /// The model that a configuration of Keras describes; see ``readModel(configuration:dialect:registry:compile:)``.
  /// - Throws: ``ModelConfigurationError``.
  public init(
    configuration: Configuration, dialect: KerasDialect? = nil, registry: LayerRegistry<Scalar> = LayerRegistry(),
    compile: Bool = true
  ) throws(ModelConfigurationError) {
    self = try readModel(configuration: configuration, dialect: dialect, registry: registry, compile: compile)
  }
}

extension Configuration {
  /// Whose it is: what it says itself, or as its layers are written. Keras 3 writes `batch_shape` where Keras 2 wrote
  /// `batch_input_shape`, and lists in nodes where Keras 3 writes objects.
  fileprivate var dialect: KerasDialect {
    if let version = self["keras_version"]?.asString, let dialect = KerasDialect(version: version) { return dialect }
    guard let layers = asList ?? self["config"]?.asList ?? self["config"]?["layers"]?.asList else { return .keras3 }
    let isKeras2 = layers.contains { layer in
      layer["config"]?["batch_input_shape"] != nil || layer["module"] == nil
        || layer["inbound_nodes"]?.asList?.contains { $0.asList != nil } == true
    }
    return isKeras2 ? .keras2 : .keras3
  }
}
