import Activations
import Tensor

/// What is known wherever a configuration is read: whose it is, the names there are, and how deep models lie in one another.
struct ReadingContext<Scalar: RealScalar> {
  let dialect: KerasDialect
  let registry: LayerRegistry<Scalar>
  private let builtIn: [String: () -> any ConfigurableLayer<Scalar>.Type]
  private var depth = 0
  private let count = Count()

  init(_ dialect: KerasDialect, _ registry: LayerRegistry<Scalar>) {
    self.dialect = dialect
    self.registry = registry
    builtIn = Dictionary(uniqueKeysWithValues: builtInLayers(Scalar.self).map { ($0.name, $0.type) })
  }

  /// Of the layers that have been read: all of a model, those within others included.
  private final class Count { var layers = 0 }

  /// More than anybody's model has; each takes some kilobytes, however short its text is.
  static var greatestLayerCount: Int { 20_000 }

  static func requireLayerCount(_ count: Int) throws(ModelConfigurationError) {
    guard count <= greatestLayerCount else {
      throw ModelConfigurationError(
        expected: "a model of at most \(greatestLayerCount) layers, those within others included", found: "more")
    }
  }

  /// More than anybody nests; the reader's stack bears it.
  static var greatestDepth: Int { 32 }

  /// For what lies in a model, or in a layer that wraps another.
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
      return Stage(
        try layer(entry), name: try entry.name(in: dialect), isTrainable: try entry.flag("trainable", default: true))
    } catch {
      throw ModelConfigurationError(error, place: entry.place)
    }
  }

  private func layer(_ entry: LayerEntry) throws -> any Layer<Scalar> {
    count.layers += 1
    try Self.requireLayerCount(count.layers)
    try entry.checkElementType()
    if let maker = registered(entry) { return try layer(entry) { try maker(&$0) } }
    if let model = try model(entry) { return model }
    guard !entry.isOperation, !entry.isCustom, let type = builtIn[entry.builtInName] else { throw unknown(entry) }
    return try layer(entry) { try type().init(from: &$0) }
  }

  private func registered(_ entry: LayerEntry) -> LayerRegistry<Scalar>.Maker? {
    entry.registeredName.flatMap(registry.maker(of:)) ?? registry.maker(of: entry.className)
  }

  /// With the layer that the configuration may give as an activation.
  private func layer(
    _ entry: LayerEntry, _ make: (inout LayerReader<Scalar>) throws -> any Layer<Scalar>
  ) throws -> any Layer<Scalar> {
    var reader = LayerReader(entry.builtInName, entry.config, try inner())
    let layer = try make(&reader)
    try reader.finish()
    return reader.activationLayer.map { ActivatedLayer(layer, activation: $0) } ?? layer
  }

  private func model(_ entry: LayerEntry) throws -> (any Model<Scalar>)? {
    guard let kind = entry.modelClass else { return nil }
    return try ModelReader(try inner()).model(kind, entry)
  }

  private func unknown(_ entry: LayerEntry) -> ConfigurationError {
    let all = (builtIn.keys + ["Functional", "Sequential"] + registry.names).sorted()
    let custom = entry.isCustom ? entry.registeredName : nil
    let name = entry.isOperation ? "\(entry.module ?? "").\(entry.className)" : custom ?? entry.className
    return .unknownName(kind: "layer", name: name, similar: all.similar(to: entry.className), all: all)
  }

  // MARK: Activations

  /// The layer that an activation's configuration names; none where it is an activation itself.
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

  /// An activation: its name, or an object with `class_name` and `config`.
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
