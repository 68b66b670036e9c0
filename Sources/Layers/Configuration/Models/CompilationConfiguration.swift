public import Activations
import Tensor

extension Compilation {
  /// What a configuration of Keras says of training: `compile_config` of .keras files, and `training_config` of .h5 files.
  ///
  /// Losses, metrics and optimizers are names or objects; a loss for the one output may stand in a list or under the output's name.
  /// - Throws: ``ConfigurationError`` for what has no counterpart here.
  public init(
    configuration: Configuration, dialect: KerasDialect = .keras3, registry: LayerRegistry<Scalar> = LayerRegistry()
  ) throws {
    guard let fields = configuration.asObject else {
      throw ModelConfigurationError(expected: "an object with optimizer and loss", found: configuration.shortened)
    }
    var reader = ParameterReader("compile_config", fields.mapValues(\.withoutPythonTypes))
    let optimizer = reader.configuration("optimizer") ?? reader.configuration("optimizer_config")
    guard let optimizer, let loss = try reader.onlyOne("loss") else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: optimizer == nil ? "optimizer" : "loss", allowed: "names and objects")
    }
    if let weights = try reader.onlyOne("loss_weights"), weights != 1 {
      throw reader.outOfRange("loss_weights", weights.description, "null and 1")
    }
    self.init(
      optimizer: try registry.value(optimizer.optimizerOfKeras3()), loss: try registry.value(loss),
      metrics: try reader.metrics("metrics", registry),
      weightedMetrics: try reader.metrics("weighted_metrics", registry))
  }

  /// As `compile_config` of Keras 3. What is of one's own is written by its name.
  public var configuration: Configuration {
    [
      "optimizer": optimizer.optimizer.configuration, "loss": loss.configuration, "loss_weights": nil,
      "metrics": metrics.isEmpty ? .null : .list(metrics.map(\.configuration)),
      "weighted_metrics": weightedMetrics.isEmpty ? .null : .list(weightedMetrics.map(\.configuration)),
      "run_eagerly": false, "steps_per_execution": 1, "jit_compile": false,
    ]
  }
}

extension ParameterReader {
  /// A value, alone, in a list or in an object, as for a model of one output.
  fileprivate mutating func onlyOne(_ parameter: String) throws(ConfigurationError) -> Configuration? {
    guard let given = configuration(parameter) else { return nil }
    let values = given.asList ?? given.valuesByOutput
    guard let values else { return given }
    let present = values.filter { $0 != .null }
    guard present.count <= 1 else {
      throw outOfRange(parameter, "one of \(present.count) outputs", "one, for one output")
    }
    return present.first
  }

  /// A list, or the list in a list or an object that is for the one output.
  fileprivate mutating func metrics<Scalar>(
    _ parameter: String, _ registry: LayerRegistry<Scalar>
  ) throws(ConfigurationError) -> [Metric<Scalar>] {
    guard let given = configuration(parameter) else { return [] }
    var list = given.asList ?? given.valuesByOutput ?? [given]
    let lists = list.filter { $0.asList != nil }
    if let only = lists.first?.asList {
      guard lists.count == 1, list.allSatisfy({ $0.asList != nil || $0 == .null }) else {
        throw outOfRange(parameter, "lists for \(list.count) outputs", "a list for one output")
      }
      list = only
    }
    var metrics: [Metric<Scalar>] = []
    for metric in list where metric != .null { metrics.append(try registry.value(metric)) }
    return metrics
  }
}

extension Configuration {
  /// Of an object that is none of a class: outputs' names with what is for them.
  fileprivate var valuesByOutput: [Configuration]? {
    guard let fields = asObject, fields["class_name"] == nil else { return nil }
    return fields.sorted { $0.key < $1.key }.map(\.value)
  }

  /// An optimizer without what Keras 2 says besides, and without the scaling of losses that half precision needs.
  fileprivate func optimizerOfKeras3() throws(ConfigurationError) -> Configuration {
    guard let className = self["class_name"]?.asString?.withoutPackage else { return self }
    if className == "LossScaleOptimizer", let inner = self["config"]?["inner_optimizer"] {
      return try inner.optimizerOfKeras3()
    }
    var reader = ParameterReader(className, self["config"]?.asObject ?? [:])
    // Nadam's was the decay of its momenta, which is fixed today.
    if className != "Nadam" { try reader.expect("decay", 0) }
    return withoutParameters(["is_legacy_optimizer", "jit_compile", "decay", "schedule_decay", "fused"])
  }
}
