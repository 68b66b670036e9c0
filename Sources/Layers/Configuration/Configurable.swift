public import Activations
import Tensor

/// A description that Keras's files and string literals write as a name with parameters: an initializer, a regularizer, a
/// constraint, a schedule, an optimizer.
///
/// ```swift
/// let initializer: Initializer<Float> = "he_normal"
/// let decay = try Schedule(named: "ExponentialDecay", parameters: [
///   "initial_learning_rate": 0.1, "decay_steps": 1000, "decay_rate": 0.96,
/// ])
/// ```
public protocol Configurable: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
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

  /// What a name stands for. An unknown one stops the program with the text that ``init(named:parameters:)`` throws.
  public init(stringLiteral name: String) { self.init(checked: name, [:]) }

  /// The name, with the parameters that are set: `MaxNorm(axis: 0, max_value: 2)`.
  public var description: String {
    let set = parameters.filter { $0.value != .null }.sorted { $0.key < $1.key }
    return set.isEmpty ? name : "\(name)(\(set.map { "\($0): \($1)" }.joined(separator: ", ")))"
  }

  public var configuration: Configuration { configurationOfClass }

  public init(configuration: Configuration) throws(ConfigurationError) {
    try self.init(configurationOfClass: configuration)
  }

  var configurationOfClass: Configuration {
    [
      "module": .string(Self.module), "class_name": .string(name), "config": .object(parameters),
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

  /// For source code: what is wrong stops the program.
  init(checked name: String, _ parameters: [String: Configuration]) {
    do {
      try self.init(named: name, parameters: parameters)
    } catch {
      trap("\(error)")
    }
  }
}

/// One of the built-in values of a kind.
struct Named<Value> {
  /// The class, as Keras writes it in files.
  let name: String
  let aliases: [String]
  let make: (inout ParameterReader) throws(ConfigurationError) -> Value

  init(
    _ name: String, _ aliases: String..., make: @escaping (inout ParameterReader) throws(ConfigurationError) -> Value
  ) {
    self.init(name, aliases, make: make)
  }

  init(
    _ name: String, _ aliases: [String], make: @escaping (inout ParameterReader) throws(ConfigurationError) -> Value
  ) {
    self.name = name
    self.aliases = aliases
    self.make = make
  }
}

/// The value of a name among the built-in ones.
/// - Parameter largestNumber: that of the type that the value computes in.
func value<Value>(
  _ name: String, _ parameters: [String: Configuration], among all: [Named<Value>], kind: String,
  largestNumber: Double = .greatestFiniteMagnitude, ignoringCase: Bool = false
) throws(ConfigurationError) -> Value {
  func matches(_ other: String) -> Bool {
    other == name || (ignoringCase && other.lowercased() == name.lowercased())
  }
  guard let found = all.first(where: { matches($0.name) || $0.aliases.contains(where: matches) }) else {
    let names = allNames(all)
    throw .unknownName(kind: kind, name: name, similar: names.similar(to: name), all: all.map(\.name))
  }
  var reader = ParameterReader(found.name, parameters, largestNumber: largestNumber)
  let value = try found.make(&reader)
  // What has the value null has its default, known or not.
  try reader.finish(allowingNull: true)
  return value
}

func allNames<Value>(_ all: [Named<Value>]) -> [String] { all.flatMap { [$0.name] + $0.aliases }.sorted() }
