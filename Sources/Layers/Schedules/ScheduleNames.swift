public import Activations

extension Schedule {
  public static var kind: String { "schedule" }
  public static var module: String { "keras.optimizers.schedules" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's class names (`"CosineDecay"`), and `"constant"`.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self = try value(name, parameters, among: Self.all, kind: Self.kind)
  }

  public var name: String {
    switch rule {
    case .constant: "constant"
    case .exponentialDecay: "ExponentialDecay"
    case .inverseTimeDecay: "InverseTimeDecay"
    case .piecewiseConstant: "PiecewiseConstantDecay"
    case .polynomialDecay: "PolynomialDecay"
    case .cosineDecay: "CosineDecay"
    case .cosineDecayRestarts: "CosineDecayRestarts"
    case .custom(let schedule): schedule.name
    }
  }

  public var parameters: [String: Configuration] {
    switch rule {
    case .constant(let rate):
      ["learning_rate": .number(rate)]
    case .exponentialDecay(let decay), .inverseTimeDecay(let decay):
      [
        "initial_learning_rate": .number(decay.initialRate), "decay_steps": .number(decay.steps),
        "decay_rate": .number(decay.rate), "staircase": .flag(decay.isStaircase),
      ]
    case .piecewiseConstant(let boundaries, let values):
      ["boundaries": Configuration(boundaries), "values": .list(values.map { .number($0) })]
    case .polynomialDecay(let decay):
      [
        "initial_learning_rate": .number(decay.initialRate), "decay_steps": .number(decay.steps),
        "end_learning_rate": .number(decay.finalRate), "power": .number(decay.power), "cycle": .flag(decay.isCyclic),
      ]
    case .cosineDecay(let decay):
      [
        "initial_learning_rate": .number(decay.initialRate), "decay_steps": .number(decay.steps),
        "alpha": .number(decay.alpha), "warmup_target": Configuration(decay.warmupTarget),
        "warmup_steps": .number(decay.warmupSteps),
      ]
    case .cosineDecayRestarts(let decay):
      [
        "initial_learning_rate": .number(decay.initialRate), "first_decay_steps": .number(decay.firstSteps),
        "t_mul": .number(decay.lengthFactor), "m_mul": .number(decay.rateFactor), "alpha": .number(decay.alpha),
      ]
    case .custom:
      [:]
    }
  }

  /// As Keras's files write it: a constant is a number.
  public var configuration: Configuration {
    if case .constant(let rate) = rule { return .number(rate) }
    return configurationOfClass
  }

  /// What a configuration stands for: a number, or an object with `class_name` and `config`.
  public init(configuration: Configuration) throws(ConfigurationError) {
    if configuration.asNumber != nil {
      try self.init(named: "constant", parameters: ["learning_rate": configuration])
    } else {
      try self.init(configurationOfClass: configuration)
    }
  }

  private static var all: [Named<Self>] {
    [
      Named("constant") { reader throws(ConfigurationError) in
        Self(rule: .constant(try reader.number("learning_rate", .nonnegative)))
      },
      Named("ExponentialDecay") { reader throws(ConfigurationError) in
        Self(rule: .exponentialDecay(try TimeDecay(&reader)))
      },
      Named("InverseTimeDecay") { reader throws(ConfigurationError) in
        Self(rule: .inverseTimeDecay(try TimeDecay(&reader)))
      },
      Named("PiecewiseConstantDecay") { reader throws(ConfigurationError) in
        let boundaries = try reader.optionalIntegers("boundaries") ?? []
        let values = try reader.numbers("values", .nonnegative)
        guard values.count == boundaries.count + 1 else {
          throw reader.outOfRange(
            "values", "\(values)", "lists of one number more than there are boundaries, which are \(boundaries)")
        }
        guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
          throw reader.outOfRange("boundaries", "\(boundaries)", "ascending lists")
        }
        return Self(rule: .piecewiseConstant(boundaries: boundaries, values: values))
      },
      Named("PolynomialDecay") { reader throws(ConfigurationError) in
        Self(rule: .polynomialDecay(try PolynomialDecay(&reader)))
      },
      Named("CosineDecay") { reader throws(ConfigurationError) in
        Self(rule: .cosineDecay(try CosineDecay(&reader)))
      },
      Named("CosineDecayRestarts") { reader throws(ConfigurationError) in
        Self(rule: .cosineDecayRestarts(try CosineDecayRestarts(&reader)))
      },
    ]
  }
}

extension TimeDecay {
  fileprivate init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    initialRate = try reader.number("initial_learning_rate", .nonnegative)
    steps = try reader.number("decay_steps", .positive)
    rate = try reader.number("decay_rate", .nonnegative)
    isStaircase = try reader.flag("staircase", default: false)
  }
}

extension PolynomialDecay {
  fileprivate init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    initialRate = try reader.number("initial_learning_rate", .nonnegative)
    steps = try reader.number("decay_steps", .positive)
    finalRate = try reader.number("end_learning_rate", .nonnegative, default: 0.0001)
    power = try reader.number("power", .nonnegative, default: 1)
    isCyclic = try reader.flag("cycle", default: false)
  }
}

extension CosineDecay {
  fileprivate init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    initialRate = try reader.number("initial_learning_rate", .nonnegative)
    steps = try reader.number("decay_steps", .positive)
    alpha = try reader.number("alpha", .closedUnit, default: 0)
    warmupTarget = try reader.optionalNumber("warmup_target", .nonnegative)
    warmupSteps = try reader.number("warmup_steps", .nonnegative, default: 0)
  }
}

extension CosineDecayRestarts {
  fileprivate init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    initialRate = try reader.number("initial_learning_rate", .nonnegative)
    firstSteps = try reader.number("first_decay_steps", .positive)
    lengthFactor = try reader.number("t_mul", .fromOne, default: 2)
    rateFactor = try reader.number("m_mul", .nonnegative, default: 1)
    alpha = try reader.number("alpha", .closedUnit, default: 0)
  }
}
