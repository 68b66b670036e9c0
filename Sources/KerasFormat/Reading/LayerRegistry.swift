public import Activations
public import Layers
public import Tensor

/// The custom values that configurations of models may name: layers, activations, initializers, losses. A registry is a
/// value that is passed wherever configurations are read.
///
/// ```swift
/// var registry = LayerRegistry<Float>()
/// registry.register(Scale<Float>.self)
/// registry.activations.register("cubed", { $0 * $0 * $0 })
/// let model = try readModel(configuration: configuration, registry: registry)
/// ```
///
/// Registered names take precedence over built-in ones. Names that Keras qualifies with a package, such as
/// `"Custom>Scale"`, are looked up first in full and then without the package.
public struct LayerRegistry<Scalar: RealScalar>: Sendable {
  /// Creates a layer from a configuration.
  public typealias Maker = @Sendable (inout LayerReader<Scalar>) throws -> any Layer<Scalar>

  /// Custom activations by name.
  public var activations = Registry<Scalar>()
  private var makers: [String: Maker] = [:]
  private var values: [String: [String: any Configurable]] = [:]

  /// Creates an empty registry.
  public init() {}

  /// Registers a type of layer under a name; by default, the name of the type.
  public mutating func register(_ layer: (some ConfigurableLayer<Scalar>).Type, as name: String? = nil) {
    register(name ?? layer.className) { try layer.init(from: &$0) }
  }

  /// Registers a function that creates a layer.
  public mutating func register(_ name: String, _ maker: @escaping Maker) { makers[name] = maker }

  /// Registers a custom initializer, regularizer, constraint, loss, metric, optimizer or schedule under its name.
  public mutating func register<Value: Configurable>(_ value: Value) {
    values[Value.kind, default: [:]][value.name] = value
  }

  /// The registered names of layers in alphabetical order.
  public var names: [String] { makers.keys.sorted() }

  func maker(of name: String) -> Maker? { makers[name] ?? makers[name.withoutPackage] }

  /// The value that a configuration describes: a registered one, by its name only, or a built-in one.
  func value<Value: Configurable>(_ configuration: Configuration) throws(ConfigurationError) -> Value {
    for name in configuration.names {
      let registered = values[Value.kind]?[name] ?? values[Value.kind]?[name.withoutPackage]
      if let value = registered as? Value { return value }
    }
    return try Value(configuration: configuration)
  }
}

extension Configuration {
  /// The names of a Keras object: that of its registration, its class, or its function.
  fileprivate var names: [String] {
    if let name = asString { return [name] }
    return ["registered_name", "class_name", "config"].compactMap { self[$0]?.asString }
  }
}
