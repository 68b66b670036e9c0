public import Activations
import Layers
import Tensor

/// A value that Keras's files write as a name with parameters: an initializer, a regularizer, a constraint, a schedule,
/// an optimizer, a loss or a metric.
///
/// ```swift
/// let decay = try Schedule(named: "ExponentialDecay", parameters: [
///   "initial_learning_rate": 0.1, "decay_steps": 1000, "decay_rate": 0.96,
/// ])
/// let optimizer = try Optimizer<Float>(configuration: ["class_name": "Adam", "config": ["beta_1": 0.8]])
/// ```
public protocol Configurable: Hashable, Sendable, CustomStringConvertible {
  /// The kind of value in errors: "initializer".
  static var kind: String { get }
  /// Keras's module of these classes.
  static var module: String { get }
  /// Every name that ``init(named:parameters:)`` accepts, in alphabetical order.
  static var names: [String] { get }

  /// Keras's class name; if Keras has none, PyTorch's name or that of the custom value.
  var name: String { get }
  /// All parameters by Keras's names.
  var parameters: [String: Configuration] { get }

  /// Creates the value with a name; parameters that are not given have their defaults.
  /// - Throws: ``ConfigurationError`` for an unknown name, with the most similar known ones, and for a parameter that
  ///   is unknown, missing or out of range, with the permitted values.
  init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError)

  /// The value in the format of Keras's files: an object with `class_name` and `config`.
  var configuration: Configuration { get }
  /// Creates the value that a configuration describes: a name, or an object with `class_name` and `config`. Keras's
  /// name for the object and the seeds of its generators are ignored.
  /// - Throws: ``ConfigurationError`` as in ``init(named:parameters:)``, and for a configuration of another form.
  init(configuration: Configuration) throws(ConfigurationError)
}

extension Configurable {
  /// Creates the value with a name and default parameters.
  public init(named name: String) throws(ConfigurationError) { try self.init(named: name, parameters: [:]) }

  public var configuration: Configuration { configurationOfClass }

  public init(configuration: Configuration) throws(ConfigurationError) {
    try self.init(configurationOfClass: configuration)
  }

  var configurationOfClass: Configuration { Self.configuration(ofClass: name, parameters) }

  static func configuration(ofClass className: String, _ parameters: [String: Configuration]) -> Configuration {
    [
      "module": .string(module), "class_name": .string(className), "config": .object(parameters),
      "registered_name": nil,
    ]
  }

  init(configurationOfClass configuration: Configuration) throws(ConfigurationError) {
    switch configuration {
    case .string(let name):
      try self.init(named: name)
    case .object(let fields):
      guard case .string(let name)? = fields["class_name"] else {
        throw .notAKind(kind: Self.kind, configuration: configuration.description)
      }
      switch fields["config"] {
      case .object(let config)?:
        let parameters = config.filter { !["name", "seed", "dtype"].contains($0.key) }
        try self.init(named: name.withoutPackage, parameters: parameters.mapValues(\.withoutPythonTypes))
      case nil, .null?:
        try self.init(named: name.withoutPackage)
      case .string(let function)? where name == "function":
        try self.init(named: function.withoutPackage)
      default:
        throw .notAKind(kind: Self.kind, configuration: configuration.description)
      }
    default:
      throw .notAKind(kind: Self.kind, configuration: configuration.description)
    }
  }
}
