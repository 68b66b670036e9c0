public import Activations
public import Layers

extension ConstantRate: KerasRule {
  var fields: [KerasField<Self>] { [.number("learning_rate", \.rate, isRequired: true)] }
}

extension TimeDecay: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("initial_learning_rate", \.initialRate, isRequired: true),
      .number("decay_steps", \.steps, isRequired: true), .number("decay_rate", \.decayRate, isRequired: true),
      .flag("staircase", \.isStaircase),
    ]
  }
}

extension PiecewiseConstantRate: KerasRule {
  var fields: [KerasField<Self>] { [.integers("boundaries", \.boundaries), .numbers("values", \.values)] }
}

extension PolynomialDecay: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("initial_learning_rate", \.initialRate, isRequired: true),
      .number("decay_steps", \.steps, isRequired: true), .number("end_learning_rate", \.finalRate),
      .number("power", \.power), .flag("cycle", \.isCyclic),
    ]
  }
}

extension CosineDecay: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("initial_learning_rate", \.initialRate, isRequired: true),
      .number("decay_steps", \.steps, isRequired: true), .number("alpha", \.alpha),
      .number("warmup_target", \.warmupTarget), .number("warmup_steps", \.warmupSteps),
    ]
  }
}

extension CosineDecayRestarts: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("initial_learning_rate", \.initialRate, isRequired: true),
      .number("first_decay_steps", \.firstSteps, isRequired: true), .number("t_mul", \.lengthFactor),
      .number("m_mul", \.rateFactor), .number("alpha", \.alpha),
    ]
  }
}

extension Schedule: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.optimizers.schedules" }
  public static var names: [String] { Rule.names }

  /// Creates the schedule with a name: Keras's class names (`"CosineDecay"`), and `"constant"`.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self.init(try .rule(named: name, parameters))
  }

  public var parameters: [String: Configuration] { rule.parameters() }

  /// The schedule in the format of Keras's files: a constant is a number.
  public var configuration: Configuration {
    if case .constant(let constant) = rule { .number(constant.rate) } else { configurationOfClass }
  }

  /// Creates the schedule that a configuration describes: a number, or an object with `class_name` and `config`.
  public init(configuration: Configuration) throws(ConfigurationError) {
    if configuration.asNumber != nil {
      try self.init(named: "constant", parameters: ["learning_rate": configuration])
    } else {
      try self.init(configurationOfClass: configuration)
    }
  }
}
