public import Activations
public import Layers
import Tensor

extension Compilation {
  /// Creates the compilation that a Keras configuration describes: `compile_config` of .keras files, and
  /// `training_config` of .h5 files.
  ///
  /// Losses, metrics and optimizers are names or objects. For several outputs, they are in a list, in the outputs'
  /// order, or in an object, by the outputs' names; a single value is for all outputs. For one output, they may be in a
  /// list or an object too. Without an optimizer, it is RMSprop, as in Keras. Where Keras 2 computes differently,
  /// `dialect` decides: its `decay` becomes a schedule.
  /// - Parameters:
  ///   - configuration: an object.
  ///   - dialect: the generation of Keras.
  ///   - outputNames: the names of the model's outputs; an empty list means one output.
  ///   - registry: the custom values that it may name.
  /// - Throws: ``ConfigurationError`` for what has no counterpart here.
  public init(
    configuration: Configuration, dialect: KerasDialect = .keras3, outputNames: [String] = [],
    registry: LayerRegistry<Scalar> = LayerRegistry()
  ) throws {
    var parts = try CompilationParts(configuration, owner: "compile_config", outputNames, dialect, registry)
    var objectives = try parts.objectives()
    guard objectives.contains(where: { $0.loss != nil }) else {
      throw ConfigurationError.missingParameter(owner: parts.owner, parameter: "loss", allowed: "names and objects")
    }
    let (metrics, weighted) = (try parts.metrics("metrics"), try parts.metrics("weighted_metrics"))
    for index in objectives.indices {
      objectives[index].metrics = try metrics[index].map { try $0.get() }
      objectives[index].weightedMetrics = try weighted[index].map { try $0.get() }
    }
    self.init(optimizer: try parts.optimizer(), objectives: objectives)
  }

  /// The compilation in the format of Keras 3's `compile_config`: lists in the order of the outputs if there are
  /// several. Custom values are written by name.
  public var configuration: Configuration {
    func written(_ part: (Objective<Scalar>) -> Configuration) -> Configuration {
      let parts = objectives.map(part)
      return parts.allSatisfy { $0 == .null } ? .null : parts.count == 1 ? parts[0] : .list(parts)
    }
    func list(_ metrics: [Metric<Scalar>]) -> Configuration {
      metrics.isEmpty ? .null : .list(metrics.map(\.configuration))
    }
    return [
      "optimizer": optimizer.optimizer.configuration, "loss": written { $0.loss?.configuration ?? .null },
      "loss_weights": objectives.allSatisfy { $0.weight == 1 } ? .null : .list(objectives.map { .number($0.weight) }),
      "metrics": written { list($0.metrics) }, "weighted_metrics": written { list($0.weightedMetrics) },
      "run_eagerly": false, "steps_per_execution": 1, "jit_compile": false,
    ]
  }
}

extension Model {
  /// The compilation with an objective for each output.
  package var compilationByOutput: Compilation<Scalar>? {
    guard var compilation, compilation.objectives.count == 1 else { return compilation }
    compilation.objectives = [Objective](repeating: compilation.objectives[0], count: outputCount)
    return compilation
  }

  /// Compiles the model according to a Keras configuration, and notes parts without a counterpart: without the losses,
  /// the model is not compiled; RMSprop replaces an unknown optimizer; unknown metrics are omitted.
  /// - Parameter place: the name of the configuration in notes.
  /// - Returns: whether the model has the optimizer of the configuration.
  @discardableResult
  package mutating func compile(
    as configuration: Configuration, at place: String, dialect: KerasDialect, registry: LayerRegistry<Scalar>
  ) -> Bool {
    func note(_ error: any Error, _ consequence: String) {
      let cause = (error as? ConfigurationError)?.summary ?? "\(error)"
      graph.notes.append("\(cause.hasPrefix(place) ? "" : "\(place): ")\(cause); \(consequence)".onOneLine)
    }
    do {
      var parts = try CompilationParts(configuration, owner: place, outputNames, dialect, registry)
      var objectives = try parts.objectives()
      guard objectives.contains(where: { $0.loss != nil }) else {
        graph.notes.append("\(place): there is no loss; the model is not compiled")
        return false
      }
      var optimizer = Optimizer<Scalar>.rmsprop()
      var hasOptimizer = false
      do {
        optimizer = try parts.optimizer()
        hasOptimizer = true
      } catch {
        note(error, "RMSprop replaces it")
      }
      func metrics(_ parameter: String) -> [[Metric<Scalar>]] {
        do {
          return try parts.metrics(parameter).map { metrics in
            metrics.compactMap { metric in
              do throws(ConfigurationError) {
                return try metric.get()
              } catch {
                note(error, "it is left out")
                return nil
              }
            }
          }
        } catch {
          note(error, "they are left out")
          return [[Metric<Scalar>]](repeating: [], count: objectives.count)
        }
      }
      let (all, weighted) = (metrics("metrics"), metrics("weighted_metrics"))
      for index in objectives.indices {
        (objectives[index].metrics, objectives[index].weightedMetrics) = (all[index], weighted[index])
      }
      compilation = Compilation(optimizer: optimizer, objectives: objectives)
      return hasOptimizer
    } catch {
      note(error, "the model is not compiled")
      return false
    }
  }
}

/// The parts of a training configuration.
private struct CompilationParts<Scalar: RealScalar> {
  private var reader: ParameterReader
  private let dialect: KerasDialect
  private let registry: LayerRegistry<Scalar>

  /// The names of the outputs; a single empty name if they are not known.
  private let outputs: [String]

  var owner: String { reader.owner }

  init(
    _ configuration: Configuration, owner: String, _ outputNames: [String], _ dialect: KerasDialect,
    _ registry: LayerRegistry<Scalar>
  ) throws(ModelConfigurationError) {
    guard let fields = configuration.asObject else {
      throw ModelConfigurationError(expected: "an object with optimizer and loss", found: configuration.shortened)
    }
    reader = ParameterReader(owner, fields.mapValues(\.withoutPythonTypes), largestNumber: Scalar.largestNumber)
    outputs = outputNames.isEmpty ? [""] : outputNames
    self.dialect = dialect
    self.registry = registry
  }

  /// The losses of the outputs with their weights, without metrics.
  mutating func objectives() throws(ConfigurationError) -> [Objective<Scalar>] {
    let (losses, weights) = (try parts("loss"), try parts("loss_weights"))
    var objectives: [Objective<Scalar>] = []
    for (loss, weight) in zip(losses, weights) {
      let factor = weight == .null ? 1 : weight.asNumber
      guard let factor, abs(factor) <= reader.largestNumber else {
        throw reader.outOfRange("loss_weights", weight.description, "finite numbers")
      }
      objectives.append(Objective(loss == .null ? nil : try registry.value(loss), weight: factor))
    }
    return objectives
  }

  mutating func optimizer() throws(ConfigurationError) -> Optimizer<Scalar> {
    let given = reader.configuration("optimizer") ?? reader.configuration("optimizer_config")
    guard let given else { return .rmsprop() }
    return try registry.value(given.optimizerOfKeras3(dialect))
  }

  /// The metrics of each output.
  mutating func metrics(
    _ parameter: String
  ) throws(ConfigurationError) -> [[Result<Metric<Scalar>, ConfigurationError>]] {
    var metrics: [[Result<Metric<Scalar>, ConfigurationError>]] = []
    for part in try metricParts(parameter) {
      metrics.append(
        (part.asList ?? [part]).filter { $0 != .null }.map { metric in
          Result { () throws(ConfigurationError) in try registry.value(metric) }
        })
    }
    return metrics
  }

  /// The metrics of each output: one, or a list.
  private mutating func metricParts(_ parameter: String) throws(ConfigurationError) -> [Configuration] {
    guard let list = reader.configuration(parameter)?.asList else { return try parts(parameter) }
    // In Keras 2, a list without nested lists is for every output.
    let isFlat = !list.contains { $0.asList != nil }
    if isFlat && (outputs.count == 1 || dialect == .keras2) {
      return [Configuration](repeating: .list(list), count: outputs.count)
    }
    return try parts(parameter)
  }

  /// The parts of a list, an object or a single value for each output; null for missing ones.
  private mutating func parts(_ parameter: String) throws(ConfigurationError) -> [Configuration] {
    guard let given = reader.configuration(parameter) else {
      return [Configuration](repeating: .null, count: outputs.count)
    }
    if outputs.count == 1 {
      // Keras does not name a single output; a file may contain null for others.
      guard let values = given.asList ?? given.partsByOutput.map({ Array($0.values) }) else { return [given] }
      let present = values.filter { $0 != .null }
      if present.count <= 1 { return [present.first ?? .null] }
      throw reader.outOfRange(parameter, "that of \(present.count) outputs", "that of the one output")
    }
    if let list = given.asList {
      if list.count == outputs.count { return list }
      throw reader.outOfRange(parameter, "a list of \(list.count)", "lists for the outputs \(outputNames)")
    }
    guard let byName = given.partsByOutput else { return [Configuration](repeating: given, count: outputs.count) }
    if let stranger = byName.keys.filter({ !outputs.contains($0) }).min() {
      throw reader.outOfRange(
        parameter, "that of an output \(stranger.shortened(to: 60).debugDescription)", "those of \(outputNames)")
    }
    return outputs.map { byName[$0] ?? .null }
  }

  private var outputNames: String { outputs.joined(separator: ", ") }
}

extension Configuration {
  /// The entries of an object without a class: outputs' names with their values.
  fileprivate var partsByOutput: [String: Configuration]? {
    guard let fields = asObject, fields["class_name"] == nil else { return nil }
    return fields
  }
}
