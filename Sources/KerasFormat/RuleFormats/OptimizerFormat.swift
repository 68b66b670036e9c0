public import Activations
public import Layers
import Tensor

extension Optimizer: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.optimizers" }
  public static var names: [String] { Rule.names }

  /// Creates the optimizer with a name: Keras's class names, in capitals or not (`"AdamW"`, `"adamw"`). Parameters are
  /// those of the class and those shared by all (`"learning_rate"`: a number or a schedule's configuration,
  /// `"clipnorm"`, `"use_ema"`). Keras 2's variants have additional parameters: `"epsilon_beside_root"` for RMSprop
  /// without momentum and for Adagrad, `"schedule_decay"` for Nadam (Keras 2: 0.004).
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    let usual = Self(try Rule.usual(name, ignoringCase: true))
    var reader = ParameterReader(usual.name, parameters, largestNumber: Scalar.largestNumber)
    let rule = try usual.rule.read(&reader)
    let rate = reader.configuration("learning_rate") ?? usual.learningRate.configuration
    let givenDecay = try reader.optionalNumber("weight_decay", .nonnegative)
    let decay = reader.isGiven("weight_decay") ? givenDecay : usual.weightDecay
    let schedule = try Schedule(configuration: rate)
    for (parameter, value) in schedule.parameters.sorted(by: { $0.key < $1.key }) {
      for number in (value.asList ?? [value]).compactMap(\.asNumber) where abs(number) > reader.largestNumber {
        throw .parameterOutOfRange(
          owner: schedule.name, parameter: parameter, value: value.description,
          allowed: "numbers up to \(reader.largestNumber)")
      }
    }
    self.init(rule, learningRate: schedule, weightDecay: decay)
    self = with(
      clipping: try GradientClipping(&reader), movingAverage: try MovingAverage(&reader),
      lossScaleFactor: try reader.optionalNumber("loss_scale_factor", .positive),
      gradientAccumulationSteps: try reader.optionalInteger("gradient_accumulation_steps", from: 2))
    try reader.finish(allowingNull: true)
  }

  public var parameters: [String: Configuration] { parameters(ofKeras3: false) }

  /// The optimizer in Keras 3's format. Parameters that Keras 3 does not have are omitted: `schedule_decay` of Keras
  /// 2's Nadam, and `epsilon_beside_root` of its RMSprop and Adagrad.
  ///
  /// With a dynamic loss scale, it is Keras's `LossScaleOptimizer` around the optimizer.
  public var configuration: Configuration {
    let own = Self.configuration(ofClass: name, parameters(ofKeras3: true))
    guard let dynamic = dynamicLossScale else { return own }
    return Self.configuration(
      ofClass: Self.lossScaleClass,
      [
        "inner_optimizer": own, "initial_scale": .number(dynamic.initialScale),
        "dynamic_growth_steps": .integer(dynamic.growthSteps),
      ])
  }

  /// Creates the optimizer that a configuration describes: a name, or an object with `class_name` and `config`. A
  /// `LossScaleOptimizer` of Keras becomes the inner optimizer with a dynamic loss scale.
  /// - Throws: ``ConfigurationError`` as in ``init(named:parameters:)``, and for a configuration of another form.
  public init(configuration: Configuration) throws(ConfigurationError) {
    guard configuration["class_name"]?.asString?.withoutPackage == Self.lossScaleClass,
      let config = configuration["config"]?.asObject
    else {
      try self.init(configurationOfClass: configuration)
      return
    }
    var reader = ParameterReader(Self.lossScaleClass, config.filter { $0.key != "name" })
    guard let inner = reader.configuration("inner_optimizer") else {
      throw .missingParameter(
        owner: reader.owner, parameter: "inner_optimizer", allowed: "names and objects of optimizers")
    }
    let scale = try reader.number("initial_scale", .positive, default: DynamicLossScale().initialScale)
    let steps = try reader.integer("dynamic_growth_steps", from: 1, default: DynamicLossScale().growthSteps)
    try reader.finish(allowingNull: true)
    self = try Self(configuration: inner).with(
      dynamicLossScale: DynamicLossScale(initialScale: scale, growthSteps: steps))
  }

  static var lossScaleClass: String { "LossScaleOptimizer" }

  private func parameters(ofKeras3: Bool) -> [String: Configuration] {
    var result: [String: Configuration] = [
      "learning_rate": learningRate.configuration, "weight_decay": Configuration(weightDecay),
      "clipnorm": nil, "global_clipnorm": nil, "clipvalue": nil, "use_ema": .flag(movingAverage != nil),
      "ema_momentum": .number((movingAverage ?? MovingAverage()).momentum),
      "ema_overwrite_frequency": Configuration(movingAverage?.overwriteFrequency),
      "loss_scale_factor": Configuration(lossScaleFactor),
      "gradient_accumulation_steps": Configuration(gradientAccumulationSteps),
    ]
    switch clipping {
    case .norm(let limit): result["clipnorm"] = .number(limit)
    case .globalNorm(let limit): result["global_clipnorm"] = .number(limit)
    case .value(let limit): result["clipvalue"] = .number(limit)
    case nil: break
    }
    return result.merging(rule.parameters(ofKeras3: ofKeras3)) { $1 }
  }
}

extension GradientClipping {
  fileprivate init?(_ reader: inout ParameterReader) throws(ConfigurationError) {
    let norm = try reader.optionalNumber("clipnorm", .positive).map { GradientClipping.norm($0) }
    let value = try reader.optionalNumber("clipvalue", .positive).map { GradientClipping.value($0) }
    let globalNorm = try reader.optionalNumber("global_clipnorm", .positive).map { GradientClipping.globalNorm($0) }
    let given = [norm, value, globalNorm].compactMap(\.self)
    guard given.count <= 1 else {
      throw reader.outOfRange(
        "clipping", "given \(given.count) times", "one of clipnorm, clipvalue and global_clipnorm")
    }
    guard let clipping = given.first else { return nil }
    self = clipping
  }
}

extension MovingAverage {
  fileprivate init?(_ reader: inout ParameterReader) throws(ConfigurationError) {
    let isUsed = try reader.flag("use_ema", default: false)
    let momentum = try reader.number("ema_momentum", .closedUnit, default: 0.99)
    let frequency = try reader.optionalInteger("ema_overwrite_frequency", from: 1)
    if !isUsed { return nil }
    self.init(momentum: momentum, overwriteFrequency: frequency)
  }
}
