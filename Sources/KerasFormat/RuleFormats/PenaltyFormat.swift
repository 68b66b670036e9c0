public import Activations
public import Layers
import Tensor

extension MaxNorm: KerasRule {
  var fields: [KerasField<Self>] { [.number("max_value", \.maximum), .axes("axis", \.axes)] }
}

extension MinMaxNorm: KerasRule {
  var fields: [KerasField<Self>] {
    [.number("min_value", \.min), .number("max_value", \.max), .number("rate", \.rate), .axes("axis", \.axes)]
  }
}

extension UnitNorm: KerasRule {
  var fields: [KerasField<Self>] { [.axes("axis", \.axes)] }
}

extension Constraint: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.constraints" }
  public static var names: [String] { Rule.names }

  /// Creates the constraint with a name: Keras's class names and identifiers (`"MaxNorm"`, `"max_norm"`).
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self.init(try .rule(named: name, parameters, largestNumber: Scalar.largestNumber))
  }

  public var parameters: [String: Configuration] { rule.parameters() }
}

extension MagnitudePenalty: KerasRule {
  var fields: [KerasField<Self>] { [.number("l1", \.l1)] }
}

extension SquarePenalty: KerasRule {
  var fields: [KerasField<Self>] { [.number("l2", \.l2)] }
}

extension ElasticPenalty: KerasRule {
  var fields: [KerasField<Self>] { [.number("l1", \.l1), .number("l2", \.l2)] }
}

extension OrthogonalRegularizer: KerasRule {
  var fields: [KerasField<Self>] { [.number("factor", \.factor), .choice("mode", \.mode)] }
}

extension Regularizer: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.regularizers" }
  public static var names: [String] { Rule.names }

  /// Creates the regularizer with a name: Keras's class names and identifiers (`"L2"`, `"l2"`).
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self.init(try .rule(named: name, parameters, largestNumber: Scalar.largestNumber))
  }

  public var parameters: [String: Configuration] { rule.parameters() }
}
