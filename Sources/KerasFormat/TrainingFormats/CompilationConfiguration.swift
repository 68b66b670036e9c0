public import Activations
public import Layers
import Tensor

extension Compilation {
  /// What a configuration of Keras says of training: `compile_config` of .keras files, and `training_config` of .h5 files.
  ///
  /// Losses, metrics and optimizers are names or objects; a loss for the one output may stand in a list or under the output's name.
  /// Without an optimizer it is RMSprop, as in Keras. What Keras 2 computes otherwise follows `dialect`: its `decay` becomes a
  /// schedule.
  /// - Throws: ``ConfigurationError`` for what has no counterpart here.
  public init(
    configuration: Configuration, dialect: KerasDialect = .keras3, registry: LayerRegistry<Scalar> = LayerRegistry()
  ) throws {
    var parts = try CompilationParts(configuration, owner: "compile_config", dialect, registry)
    guard let loss = try parts.loss() else {
      throw ConfigurationError.missingParameter(owner: parts.owner, parameter: "loss", allowed: "names and objects")
    }
    self.init(
      optimizer: try parts.optimizer(), loss: loss, metrics: try parts.metrics("metrics").map { try $0.get() },
      weightedMetrics: try parts.metrics("weighted_metrics").map { try $0.get() })
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

extension Model {
  /// Compiles the model as a configuration of Keras says, and notes what there is no counterpart for: without the loss, the
  /// model is not compiled; RMSprop stands for an unknown optimizer; unknown metrics are left out.
  /// - Parameter place: what notes call the configuration.
  /// - Returns: whether the model has the optimizer that the configuration says.
  @discardableResult
  package mutating func compile(
    as configuration: Configuration, at place: String, dialect: KerasDialect, registry: LayerRegistry<Scalar>
  ) -> Bool {
    func note(_ error: any Error, _ consequence: String) {
      let cause = (error as? ConfigurationError)?.summary ?? "\(error)"
      graph.notes.append("\(cause.hasPrefix(place) ? "" : "\(place): ")\(cause); \(consequence)".onOneLine)
    }
    do {
      var parts = try CompilationParts(configuration, owner: place, dialect, registry)
      guard let loss = try parts.loss() else {
        graph.notes.append("\(place): there is no loss; the model is not compiled")
        return false
      }
      var compilation = Compilation(optimizer: .rmsprop(), loss: loss)
      var hasOptimizer = false
      do {
        compilation.optimizer = OptimizerState(try parts.optimizer())
        hasOptimizer = true
      } catch {
        note(error, "RMSprop stands in its place")
      }
      func metrics(_ parameter: String) -> [Metric<Scalar>] {
        do {
          return try parts.metrics(parameter).compactMap { metric in
            do throws(ConfigurationError) {
              return try metric.get()
            } catch {
              note(error, "it is left out")
              return nil
            }
          }
        } catch {
          note(error, "they are left out")
          return []
        }
      }
      compilation.metrics = metrics("metrics")
      compilation.weightedMetrics = metrics("weighted_metrics")
      self.compilation = compilation
      return hasOptimizer
    } catch {
      note(error, "the model is not compiled")
      return false
    }
  }
}

/// What a configuration says of training, part by part.
private struct CompilationParts<Scalar: RealScalar> {
  private var reader: ParameterReader
  private let dialect: KerasDialect
  private let registry: LayerRegistry<Scalar>

  var owner: String { reader.owner }

  init(
    _ configuration: Configuration, owner: String, _ dialect: KerasDialect, _ registry: LayerRegistry<Scalar>
  ) throws(ModelConfigurationError) {
    guard let fields = configuration.asObject else {
      throw ModelConfigurationError(expected: "an object with optimizer and loss", found: configuration.shortened)
    }
    reader = ParameterReader(owner, fields.mapValues(\.withoutPythonTypes))
    self.dialect = dialect
    self.registry = registry
  }

  /// None where nothing is said.
  mutating func loss() throws(ConfigurationError) -> Loss<Scalar>? {
    guard let loss = try onlyOne("loss") else { return nil }
    if let weights = try onlyOne("loss_weights"), weights != 1 {
      throw reader.outOfRange("loss_weights", weights.description, "null and 1")
    }
    return try registry.value(loss)
  }

  mutating func optimizer() throws(ConfigurationError) -> Optimizer<Scalar> {
    let given = reader.configuration("optimizer") ?? reader.configuration("optimizer_config")
    guard let given else { return .rmsprop() }
    return try registry.value(given.optimizerOfKeras3(dialect))
  }

  /// A list, or the list in a list or an object that is for the one output.
  mutating func metrics(
    _ parameter: String
  ) throws(ConfigurationError) -> [Result<Metric<Scalar>, ConfigurationError>] {
    guard let given = reader.configuration(parameter) else { return [] }
    var list = given.asList ?? given.valuesByOutput ?? [given]
    let lists = list.filter { $0.asList != nil }
    if let only = lists.first?.asList {
      guard lists.count == 1, list.allSatisfy({ $0.asList != nil || $0 == .null }) else {
        throw reader.outOfRange(parameter, "lists for \(list.count) outputs", "a list for one output")
      }
      list = only
    }
    return list.filter { $0 != .null }.map { metric in
      Result { () throws(ConfigurationError) in try registry.value(metric) }
    }
  }

  /// A value, alone, in a list or in an object, as for a model of one output.
  private mutating func onlyOne(_ parameter: String) throws(ConfigurationError) -> Configuration? {
    guard let given = reader.configuration(parameter) else { return nil }
    let values = given.asList ?? given.valuesByOutput
    guard let values else { return given }
    let present = values.filter { $0 != .null }
    guard present.count <= 1 else {
      throw reader.outOfRange(parameter, "one of \(present.count) outputs", "one, for one output")
    }
    return present.first
  }
}

extension Configuration {
  /// Of an object that is none of a class: outputs' names with what is for them.
  fileprivate var valuesByOutput: [Configuration]? {
    guard let fields = asObject, fields["class_name"] == nil else { return nil }
    return fields.sorted { $0.key < $1.key }.map(\.value)
  }
}
