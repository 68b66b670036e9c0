import Activations
import Layers
import Tensor

/// The context in which a configuration is read: the generation of Keras, the known names, and the nesting of models.
struct ReadingContext<Scalar: RealScalar> {
  let dialect: KerasDialect
  let registry: LayerRegistry<Scalar>
  let builtIn: [String: () -> any ConfigurableLayer<Scalar>.Type]
  private var depth = 0
  private let count = Count()

  init(_ dialect: KerasDialect, _ registry: LayerRegistry<Scalar>) {
    self.dialect = dialect
    self.registry = registry
    builtIn = Dictionary(uniqueKeysWithValues: builtInLayers(Scalar.self).map { ($0.name, $0.type) })
  }

  /// The number of layers read so far, including those of nested models.
  private final class Count { var layers = 0 }

  /// More layers than any real model has; each takes some kilobytes, however short its text.
  static var greatestLayerCount: Int { 20_000 }

  static func requireLayerCount(_ count: Int) throws(ModelConfigurationError) {
    guard count <= greatestLayerCount else {
      throw ModelConfigurationError(
        expected: "a model of at most \(greatestLayerCount) layers, those within others included", found: "more")
    }
  }

  /// Deeper than any real nesting; the reader's stack can bear it.
  static var greatestDepth: Int { 32 }

  /// The context of a nested model, or of a layer wrapped by another.
  func inner() throws -> ReadingContext {
    guard depth < Self.greatestDepth else {
      throw ModelConfigurationError(
        expected: "at most \(Self.greatestDepth) models and wrapping layers in one another", found: "more")
    }
    var result = self
    result.depth += 1
    return result
  }

  /// A layer of a model.
  func stage(_ configuration: Configuration, at place: String) throws(ModelConfigurationError) -> Stage<Scalar> {
    try stage(try LayerEntry(configuration, at: place))
  }

  func stage(_ entry: LayerEntry) throws(ModelConfigurationError) -> Stage<Scalar> {
    do {
      let (layer, regularizer) = try regularizedLayer(entry)
      return Stage(
        layer, name: try entry.name(in: dialect), isTrainable: try entry.flag("trainable", default: true),
        activityRegularizer: regularizer)
    } catch {
      throw ModelConfigurationError(error, place: entry.place)
    }
  }

  private func layer(_ entry: LayerEntry) throws -> any Layer<Scalar> { try regularizedLayer(entry).layer }

  private func regularizedLayer(
    _ entry: LayerEntry
  ) throws -> (layer: any Layer<Scalar>, activityRegularizer: Regularizer<Scalar>?) {
    count.layers += 1
    try Self.requireLayerCount(count.layers)
    if !isKnown(entry), let unknown = UnknownLayers([entry], known: Array(builtIn.keys) + registry.names) {
      throw unknown
    }
    try entry.checkElementType()
    if let maker = registered(entry) { return try layer(entry) { try maker(&$0) } }
    if let model = try model(entry) { return (model, nil) }
    if entry.isOperation { return (try OperationReader(self, entry).layer(), nil) }
    return try layer(entry) { try builtIn[entry.builtInName]!().init(from: &$0) }
  }

  func isKnown(_ entry: LayerEntry) -> Bool {
    registered(entry) != nil || entry.modelClass != nil
      || (entry.isOperation
        ? OperationReader<Scalar>.isKnown(entry.className)
        : !entry.isCustom && builtIn[entry.builtInName] != nil)
  }

  func registered(_ entry: LayerEntry) -> LayerRegistry<Scalar>.Maker? {
    entry.registeredName.flatMap(registry.maker(of:)) ?? registry.maker(of: entry.className)
  }

  /// Includes the layer that the configuration may give as an activation.
  private func layer(
    _ entry: LayerEntry, _ make: (inout LayerReader<Scalar>) throws -> any Layer<Scalar>
  ) throws -> (layer: any Layer<Scalar>, activityRegularizer: Regularizer<Scalar>?) {
    var reader = LayerReader(entry.builtInName, entry.config, try inner())
    let layer = try make(&reader)
    let regularizer: Regularizer<Scalar>? =
      reader.hasRead("activity_regularizer") ? nil : try reader.optionalValue("activity_regularizer")
    try reader.finish()
    return (reader.activationLayer.map { ActivatedLayer(layer, activation: $0) } ?? layer, regularizer)
  }

  private func model(_ entry: LayerEntry) throws -> (Model<Scalar>)? {
    guard let kind = entry.modelClass else { return nil }
    return try ModelReader(try inner()).model(kind, entry)
  }

  // MARK: Activations

  /// The layer that an activation's configuration names; `nil` if it is an activation itself.
  func layer(ofActivation configuration: Configuration) throws -> (any Layer<Scalar>)? {
    guard configuration["class_name"]?.asString != nil, configuration["config"]?.asString == nil else { return nil }
    let entry = try LayerEntry(configuration, at: "activation")
    let isRegistered = registered(entry) != nil
    if configuration.isActivationOfLayer && !isRegistered { return nil }
    guard isRegistered || entry.modelClass != nil || builtIn[entry.builtInName] != nil else { return nil }
    do {
      return try layer(entry)
    } catch {
      throw ModelConfigurationError(error, place: entry.place)
    }
  }

  /// The activation as an object if Keras 2 reads a layer's class as its name.
  func activationOfKeras3(_ configuration: Configuration) -> Configuration {
    guard dialect == .keras2, let name = configuration.asString, activationLayersOfKeras2.contains(name),
      registry.activations[name] == nil
    else { return configuration }
    return ["class_name": .string(name), "config": [:]]
  }

  /// Reads an activation: its name, or an object with `class_name` and `config`.
  func activation(_ configuration: Configuration) throws(ActivationError) -> Activation<Scalar> {
    let names = [
      configuration.asString, configuration["registered_name"]?.asString, configuration["config"]?.asString,
    ]
    for case let name? in names {
      if let activation = registry.activations[name] ?? registry.activations[name.withoutPackage] { return activation }
    }
    let name = names[0] ?? (configuration["class_name"] == "function" ? names[2] : nil)
    if dialect == .keras2 && name?.withoutPackage == "hard_sigmoid" {
      return try Activation(named: "hard_sigmoid_keras2")
    }
    return try Activation(configuration: configuration, in: registry.activations)
  }
}

/// The layers whose classes Keras 2 accepts as names of activations.
private let activationLayersOfKeras2: Set = ["ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "ThresholdedReLU"]
