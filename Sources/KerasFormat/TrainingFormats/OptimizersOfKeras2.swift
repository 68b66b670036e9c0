import Activations
import Layers

extension Configuration {
  /// The optimizer in Keras 3's terms. Differences in Keras 1 and 2 are translated, and the loss scaling that they need
  /// for half precision is omitted.
  func optimizerOfKeras3(_ dialect: KerasDialect) throws(ConfigurationError) -> Configuration {
    guard var fields = asObject, let className = fields["class_name"]?.asString?.withoutPackage,
      var config = fields["config"]?.asObject
    else { return self }
    if className == "LossScaleOptimizer", let inner = config["inner_optimizer"] {
      let upgraded = try inner.optimizerOfKeras3(dialect)
      if dialect == .keras2 { return upgraded }
      config["inner_optimizer"] = upgraded
      fields["config"] = .object(config)
      return .object(fields)
    }
    let isLegacy = dialect == .keras2 && isLegacyOptimizer
    for parameter in ["is_legacy_optimizer", "jit_compile", "fused"] { config[parameter] = nil }
    if let rate = config.removeValue(forKey: "lr"), config["learning_rate"] == nil { config["learning_rate"] = rate }
    let scheduleDecay = config.removeValue(forKey: "schedule_decay")
    var reader = ParameterReader(className, config)
    let decay = try reader.number("decay", .nonnegative, default: 0)
    config["decay"] = nil
    if className == "Nadam" {
      // Its decay is that of its momenta.
      if isLegacy { config["schedule_decay"] = scheduleDecay ?? 0.004 }
    } else if decay > 0 {
      config["learning_rate"] = try Self.inverseTimeDecay(config["learning_rate"], decay, className)
    }
    if isLegacy && (className == "RMSprop" || className == "Adagrad") { config["epsilon_beside_root"] = true }
    fields["config"] = .object(config)
    return .object(fields)
  }

  /// Whether it is one of the optimizers that TF-Keras has called legacy since 2.11; before, there were no others.
  private var isLegacyOptimizer: Bool {
    if let module = self["module"]?.asString { return module.contains("legacy") }
    return self["config"]?["is_legacy_optimizer"] != false
  }

  private static func inverseTimeDecay(
    _ rate: Configuration?, _ decay: Double, _ owner: String
  ) throws(ConfigurationError) -> Configuration {
    guard let rate, rate.asNumber != nil else {
      throw .parameterOutOfRange(
        owner: owner, parameter: "decay", value: "\(decay)",
        allowed: "0 if a schedule determines the learning rate")
    }
    return [
      "module": "keras.optimizers.schedules", "class_name": "InverseTimeDecay",
      "config": ["initial_learning_rate": rate, "decay_steps": 1, "decay_rate": .number(decay)],
      "registered_name": nil,
    ]
  }
}
