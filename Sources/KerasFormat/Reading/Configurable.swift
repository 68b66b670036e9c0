public import Activations
import Layers
import Tensor

/// A description that Keras's files write as a name with parameters: an initializer, a regularizer, a constraint, a schedule, an
/// optimizer, a loss, a metric.
///
/// ```swift
/// let decay = try Schedule(named: "ExponentialDecay", parameters: [
///   "initial_learning_rate": 0.1, "decay_steps": 1000, "decay_rate": 0.96,
/// ])
/// let optimizer = try Optimizer<Float>(configuration: ["class_name": "Adam", "config": ["beta_1": 0.8]])
/// ```
public protocol Configurable: Hashable, Sendable, CustomStringConvertible {
  /// What errors call such a value: "initializer".
  static var kind: String { get }
  /// Keras's module of these classes.
  static var module: String { get }
  /// Every name that ``init(named:parameters:)`` takes, in alphabetical order.
  static var names: [String] { get }

  /// Keras's class name, PyTorch's or that of a custom value where Keras has none.
  var name: String { get }
  /// All parameters by Keras's names.
  var parameters: [String: Configuration] { get }

  /// What a name stands for; parameters that are not given have their defaults.
  /// - Throws: ``ConfigurationError`` for a name that nothing has, with those most like it, and for a parameter that is
  ///   unknown, missing or outside its range, with what is allowed.
  init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError)

  /// As Keras's files write it: an object with `class_name` and `config`.
  var configuration: Configuration { get }
  /// What a configuration stands for: a name, or an object with `class_name` and `config`. The name that Keras gives to an
  /// object and the seeds of its generators are passed over.
  /// - Throws: ``ConfigurationError``, as ``init(named:parameters:)`` and for what is neither.
  init(configuration: Configuration) throws(ConfigurationError)
}

extension Configurable {
  /// What a name stands for, with its defaults.
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
