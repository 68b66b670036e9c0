public import Tensor

/// What one output of a model is trained for, and what is reported of it.
public struct Objective<Scalar: RealScalar>: Sendable {
  /// What training minimises; none for an output that is left as it is.
  public var loss: Loss<Scalar>?
  /// What the loss counts in the sum of all.
  public var weight: Double
  /// Every sample counts the same in them.
  public var metrics: [Metric<Scalar>]
  /// Samples count in them as much as in the loss.
  public var weightedMetrics: [Metric<Scalar>]

  /// - Parameters:
  ///   - loss: what training minimises.
  ///   - weight: what it counts in the sum of all; finite.
  ///   - metrics: what is reported besides, every sample counting the same.
  ///   - weightedMetrics: the same, samples counting as in the loss.
  public init(
    _ loss: Loss<Scalar>?, weight: Double = 1, metrics: [Metric<Scalar>] = [], weightedMetrics: [Metric<Scalar>] = []
  ) {
    require(weight.isFinite, "the weight of a loss is \(weight), allowed are finite numbers")
    self.loss = loss
    self.weight = weight
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
  }
}

/// How a model is trained: what moves its weights, what it is to minimise, and what is reported besides.
public struct Compilation<Scalar: RealScalar>: Sendable {
  /// One for every output, or a single one that is that of all.
  public var objectives: [Objective<Scalar>]
  /// The optimizer with what it keeps from step to step.
  public var optimizer: OptimizerState<Scalar>

  /// An optimizer that has not begun. Traps where its clipping has a limit that is none.
  public init(
    optimizer: Optimizer<Scalar>, loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    self.init(
      optimizer: optimizer, objectives: [Objective(loss, metrics: metrics, weightedMetrics: weightedMetrics)])
  }

  /// The same for several outputs. Traps where there is none.
  public init(optimizer: Optimizer<Scalar>, objectives: [Objective<Scalar>]) {
    require(objectives.contains { $0.loss != nil }, "compile: no output has a loss")
    self.objectives = objectives
    self.optimizer = OptimizerState(optimizer)
  }

  /// That of the first output.
  public var loss: Loss<Scalar> {
    get { objectives.lazy.compactMap(\.loss).first! }
    set { objectives[0].loss = newValue }
  }
  /// Those of the first output.
  public var metrics: [Metric<Scalar>] {
    get { objectives[0].metrics }
    set { objectives[0].metrics = newValue }
  }
  /// Those of the first output.
  public var weightedMetrics: [Metric<Scalar>] {
    get { objectives[0].weightedMetrics }
    set { objectives[0].weightedMetrics = newValue }
  }

  /// The optimizer, which is to be set again: so that its memory has one holder.
  mutating func takeOptimizer() -> OptimizerState<Scalar> {
    var taken = OptimizerState(optimizer.optimizer)
    swap(&taken, &optimizer)
    return taken
  }

  /// What an output is trained for.
  func objective(of output: Int) -> Objective<Scalar> { objectives.count == 1 ? objectives[0] : objectives[output] }
}

extension Model {
  /// Says how the model is to be trained. What an optimizer has kept from training before is dropped.
  ///
  /// ```swift
  /// model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
  /// model.compile(optimizer: "sgd", loss: "mse")
  /// ```
  ///
  /// A model of several outputs has the same loss and metrics for each.
  public mutating func compile(
    optimizer: Optimizer<Scalar> = .rmsprop(), loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    compilation = Compilation(
      optimizer: optimizer, loss: loss, metrics: metrics, weightedMetrics: weightedMetrics)
  }

  /// The same with a loss and metrics for each output, in the order of ``outputs``. Traps for more or fewer than there are outputs.
  public mutating func compile(optimizer: Optimizer<Scalar> = .rmsprop(), objectives: [Objective<Scalar>]) {
    require(
      objectives.count == graph.outputs.count,
      "compile: there are \(objectives.count) objectives for the \(graph.outputs.count) outputs \(outputNameList)")
    compilation = Compilation(optimizer: optimizer, objectives: objectives)
  }

  /// The same by the outputs' names; outputs that are not named are left as they are. Traps for a name that no output has.
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
