public import Activations
public import Layers
public import Tensor

/// What of one's own the configurations of models may name: layers, activations, initializers, losses. A value that is passed
/// where configurations are read.
///
/// ```swift
/// var registry = LayerRegistry<Float>()
/// registry.register(Scale<Float>.self)
/// registry.activations.register("cubed", { $0 * $0 * $0 })
/// let model = try readModel(configuration: configuration, registry: registry)
/// ```
///
/// What is registered comes before what is built in. Names that Keras qualifies with a package, `"Custom>Scale"`, are looked up
/// as a whole and then without it.
public struct LayerRegistry<Scalar: RealScalar>: Sendable {
  /// Makes a layer of what a configuration says.
  public typealias Maker = @Sendable (inout LayerReader<Scalar>) throws -> any Layer<Scalar>

  /// Activations under names of one's own.
  public var activations = Registry<Scalar>()
  private var makers: [String: Maker] = [:]
  private var values: [String: [String: any Configurable]] = [:]

  /// Knows no names yet.
  public init() {}

  /// Gives a kind of layer a name; without one, that of its type.
  public mutating func register(_ layer: (some ConfigurableLayer<Scalar>).Type, as name: String? = nil) {
    register(name ?? layer.className) { try layer.init(from: &$0) }
  }

  /// Gives a name to what makes a layer.
  public mutating func register(_ name: String, _ maker: @escaping Maker) { makers[name] = maker }

  /// An initializer, regularizer, constraint, loss, metric, optimizer or schedule of one's own, under its name.
  public mutating func register<Value: Configurable>(_ value: Value) {
    values[Value.kind, default: [:]][value.name] = value
  }

  /// The registered names of layers in alphabetical order.
  public var names: [String] { makers.keys.sorted() }

  func maker(of name: String) -> Maker? { makers[name] ?? makers[name.withoutPackage] }

  /// What a configuration stands for: a registered value, by its name alone, or a built-in one.
  func value<Value: Configurable>(_ configuration: Configuration) throws(ConfigurationError) -> Value {
    for name in configuration.names {
      let registered = values[Value.kind]?[name] ?? values[Value.kind]?[name.withoutPackage]
      if let value = registered as? Value { return value }
    }
    return try Value(configuration: configuration)
  }
}

extension Configuration {
  /// The names that something of Keras goes by: that of its registration, its class, or its function.
  fileprivate var names: [String] {
    if let name = asString { return [name] }
    return ["registered_name", "class_name", "config"].compactMap { self[$0]?.asString }
  }
}
