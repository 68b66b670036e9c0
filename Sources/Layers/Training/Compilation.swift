public import Tensor

/// The loss and metrics of one output of a model.
public struct Objective<Scalar: RealScalar>: Sendable {
  /// The loss that training minimises; `nil` for an output without one.
  public var loss: Loss<Scalar>?
  /// The weight of the loss in the sum of all losses.
  public var weight: Double
  /// Metrics in which every sample counts the same.
  public var metrics: [Metric<Scalar>]
  /// Metrics in which samples are weighted as in the loss.
  public var weightedMetrics: [Metric<Scalar>]

  /// - Parameters:
  ///   - loss: the loss that training minimises.
  ///   - weight: the weight of the loss in the sum of all losses; finite.
  ///   - metrics: metrics in which every sample counts the same.
  ///   - weightedMetrics: metrics in which samples are weighted as in the loss.
  public init(
    _ loss: Loss<Scalar>?, weight: Double = 1, metrics: [Metric<Scalar>] = [], weightedMetrics: [Metric<Scalar>] = []
  ) {
    require(weight.isFinite, "the weight of a loss is \(weight); allowed: finite numbers")
    self.loss = loss
    self.weight = weight
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
  }
}

/// The optimizer, losses and metrics with which a model is trained.
public struct Compilation<Scalar: RealScalar>: Sendable {
  /// The objectives, one for every output or a single one for all.
  public var objectives: [Objective<Scalar>]
  /// The optimizer with its state.
  public var optimizer: OptimizerState<Scalar>

  /// Creates a compilation with a new optimizer state.
  /// - Precondition: a limit of the optimizer's clipping is finite and above 0.
  public init(
    optimizer: Optimizer<Scalar>, loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    self.init(
      optimizer: optimizer, objectives: [Objective(loss, metrics: metrics, weightedMetrics: weightedMetrics)])
  }

  /// Creates a compilation for several outputs.
  /// - Precondition: at least one output has a loss.
  public init(optimizer: Optimizer<Scalar>, objectives: [Objective<Scalar>]) {
    require(objectives.contains { $0.loss != nil }, "compile: no output has a loss")
    self.objectives = objectives
    self.optimizer = OptimizerState(optimizer)
  }

  /// The loss of the first output.
  public var loss: Loss<Scalar> {
    get { objectives.lazy.compactMap(\.loss).first! }
    set { objectives[0].loss = newValue }
  }
  /// The metrics of the first output.
  public var metrics: [Metric<Scalar>] {
    get { objectives[0].metrics }
    set { objectives[0].metrics = newValue }
  }
  /// The weighted metrics of the first output.
  public var weightedMetrics: [Metric<Scalar>] {
    get { objectives[0].weightedMetrics }
    set { objectives[0].weightedMetrics = newValue }
  }

  /// Removes the optimizer, which must be set again, so that there are no other references to its memory.
  mutating func takeOptimizer() -> OptimizerState<Scalar> {
    var taken = OptimizerState(optimizer.optimizer)
    swap(&taken, &optimizer)
    return taken
  }

  /// The objective of an output.
  func objective(of output: Int) -> Objective<Scalar> { objectives.count == 1 ? objectives[0] : objectives[output] }
}

extension Model {
  /// Sets the optimizer, loss and metrics for training. The state of an earlier optimizer is discarded.
  ///
  /// ```swift
  /// model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
  /// model.compile(optimizer: "sgd", loss: "mse")
  /// ```
  ///
  /// If the model has several outputs, loss and metrics are used for each.
  public mutating func compile(
    optimizer: Optimizer<Scalar> = .rmsprop(), loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    compilation = Compilation(
      optimizer: optimizer, loss: loss, metrics: metrics, weightedMetrics: weightedMetrics)
  }

  /// Sets the optimizer, and a loss and metrics for each output, in the order of ``outputs``.
  /// - Precondition: there is one objective for each output.
  public mutating func compile(optimizer: Optimizer<Scalar> = .rmsprop(), objectives: [Objective<Scalar>]) {
    require(
      objectives.count == graph.outputs.count,
      "compile: there are \(objectives.count) objectives for the \(graph.outputs.count) outputs \(outputNameList)")
    compilation = Compilation(optimizer: optimizer, objectives: objectives)
  }

  /// Sets the optimizer, and losses and metrics for outputs by name; other outputs have none.
  /// - Precondition: the names are those of outputs.
  public mutating func compile(optimizer: Optimizer<Scalar> = .rmsprop(), objectives: [String: Objective<Scalar>]) {
    let names = outputNames
    for name in objectives.keys.sorted() {
      require(
        names.contains(name),
        "compile: there is no output \"\(name)\" for a loss or a metric; there are \(outputNameList)")
    }
    compile(optimizer: optimizer, objectives: names.map { objectives[$0] ?? Objective(nil) })
  }

  private var outputNameList: String { outputNames.joined(separator: ", ") }
}
