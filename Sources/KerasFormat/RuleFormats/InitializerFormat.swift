public import Activations
public import Layers
import Tensor

extension FanScaling: KerasRule {
  var fields: [KerasField<Self>] {
    [.integers("input_axes", \.inputAxes), .integers("output_axes", \.outputAxes)]
  }
}

extension VarianceScaling: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("scale", \.scale), .choice("mode", \.mode), Self.distributionField,
      .integers("input_axes", \.inputAxes), .integers("output_axes", \.outputAxes),
    ]
  }

  /// Keras 2 writes "normal" for a truncated one.
  private static var distributionField: KerasField<Self> {
    let field = KerasField<Self>.choice("distribution", \.distribution)
    return KerasField(field.name, field.path) { rule, reader throws(ConfigurationError) in
      if reader.configuration(field.name) == "normal" {
        rule.distribution = .truncatedNormal
      } else {
        try field.read(&rule, &reader)
      }
    } write: {
      field.write($0)
    }
  }
}

extension NormalDistribution: KerasRule {
  var fields: [KerasField<Self>] { [.number("mean", \.mean), .number("stddev", \.standardDeviation)] }
}

extension UniformDistribution: KerasRule {
  var fields: [KerasField<Self>] { [.number("minval", \.low), .number("maxval", \.high)] }
}

extension Gain: KerasRule {
  var fields: [KerasField<Self>] { [.number("gain", \.gain)] }
}

extension ConstantValue: KerasRule {
  var fields: [KerasField<Self>] { [.number("value", \.value)] }
}

extension Initializer: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.initializers" }
  public static var names: [String] { Rule.names }

  /// Creates the initializer with a name: Keras's class names and identifiers (`"HeNormal"`, `"he_normal"`), and its
  /// aliases.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    let usual = try Rule.usual(name)
    if case .constant = usual, let given = parameters["value"], given != .null, given.asNumber == nil {
      try self.init(array: given, others: parameters.filter { $0.key != "value" })
    } else {
      self.init(try .rule(named: name, parameters, largestNumber: Scalar.largestNumber))
    }
  }

  /// Reads Keras's Constant with an array.
  private init(array: Configuration, others: [String: Configuration]) throws(ConfigurationError) {
    let reader = ParameterReader("Constant", others, largestNumber: Scalar.largestNumber)
    try reader.finish(allowingNull: true)
    guard let values = Tensor<Scalar>(nestedNumbers: array) else {
      throw reader.outOfRange("value", array.description, "finite numbers and arrays of them")
    }
    self = .values(values)
  }

  public var parameters: [String: Configuration] { rule.parameters() }

  /// The initializer in the format of Keras's files: given values are its `Constant` with an array.
  public var configuration: Configuration {
    guard case .values(let values) = rule else { return configurationOfClass }
    let array: Configuration = [
      "class_name": "__numpy__",
      "config": ["value": values.nestedNumbers, "dtype": .string(Scalar.elementType.name)],
    ]
    return Self.configuration(ofClass: "Constant", ["value": array])
  }
}
