public import Activations
public import Layers
public import Tensor

/// Returns the model that a Keras configuration describes, without weights: a ``/Layers/Sequential`` or
/// ``/Layers/Functional``.
///
/// ```swift
/// let text = try String(contentsOfFile: "model.json", encoding: .utf8)   // model.to_json() in Python
/// let model: Model<Float> = try readModel(configuration: Configuration(json: text))
/// ```
///
/// The configuration can be the `config.json` of a .keras file, the attribute `model_config` of an .h5 file or the
/// result of `to_json()`, from Keras 2 or 3. Layers keep their names and whether they are trained. A layer parameter
/// without a counterpart here is an error; it is not ignored.
/// - Parameter configuration: a model's configuration: Keras's JSON.
/// - Parameter dialect: the generation of Keras. By default, it is determined by the field `keras_version` or, without
///   it, by the form of the configuration.
/// - Parameter registry: custom layers, activations and other values.
/// - Parameter compile: whether the model is compiled according to the configuration. ``/Layers/Model/notes`` describe
///   the parts without a counterpart here.
/// - Throws: ``ModelConfigurationError`` with the layer's place. For any configuration, time and memory are bounded by
///   its length: models are nested at most 32 levels deep, a model has at most 20,000 layers and 100,000 layer
///   computations, and its weights, and a sample of each layer's output, must fit in the machine's memory.
public func readModel<Scalar: RealScalar>(
  configuration: Configuration, dialect: KerasDialect? = nil, registry: LayerRegistry<Scalar> = LayerRegistry(),
  compile: Bool = true
) throws(ModelConfigurationError) -> Model<Scalar> {
  let dialect = dialect ?? configuration.dialect
  do {
    // The first versions of Keras wrote a list of layers for a Sequential.
    let isList = configuration.asList != nil
    guard configuration != [] else {
      throw ModelConfigurationError(expected: "a Sequential or a Functional", found: "an empty list")
    }
    let entry = try LayerEntry(isList ? ["class_name": "Sequential", "config": configuration] : configuration, at: "")
    guard let kind = entry.modelClass else {
      throw ModelConfigurationError(expected: "a Sequential or a Functional", found: entry.className.onOneLine)
    }
    let context = ReadingContext(dialect, registry)
    if let unknown = context.unknownLayers(entry) {
      throw ModelConfigurationError(unknown.layers, place: unknown.place)
    }
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
  /// Creates the model that a Keras configuration describes; see
  /// ``readModel(configuration:dialect:registry:compile:)``.
  /// - Throws: ``ModelConfigurationError``.
  public init(
    configuration: Configuration, dialect: KerasDialect? = nil, registry: LayerRegistry<Scalar> = LayerRegistry(),
    compile: Bool = true
  ) throws(ModelConfigurationError) {
    self = try readModel(configuration: configuration, dialect: dialect, registry: registry, compile: compile)
  }
}

extension Configuration {
  /// The generation of Keras, from the configuration's version or form. Keras 3 writes `batch_shape` instead of Keras
  /// 2's `batch_input_shape`, and objects instead of lists in nodes.
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
