internal import Activations
internal import Tensor

/// A computation of a model with its losses, for training steps or evaluation.
final class TrainingComputation<Scalar: RealScalar> {
  let computation: Computation<Scalar>
  /// The evaluations of the outputs with a loss or metrics.
  private(set) var tasks: [OutputTask<Scalar>]
  private let targetShapes: [[Int]]
  private let hasIntegerTargets: [Bool]

  /// - Parameter samples: the samples that determine losses without a definite form.
  init(
    _ graph: inout Graph<Scalar>, _ compilation: Compilation<Scalar>?, _ samples: Samples<Scalar>, isTraining: Bool,
    outputShapes: [[Int]], _ request: Plan<Scalar>.Request = .init()
  ) throws {
    let losses = samples.targets.indices.map { index in
      compilation?.objective(of: index).loss?.resolved(prediction: outputShapes[index], target: samples.targets[index])
    }
    var request = request
    if compilation != nil { request.takesOver = { losses[$0]?.onLogits(of: $1) != nil } }
    computation = try graph.numberedComputation(
      isTraining ? .training : .evaluation, samples.sampleShapes, isDifferentiated: isTraining, request)
    // Weights are set when training begins, so that there are no other references to their memory.
    let none = Tensor<Scalar>.zeros([0])
    for index in computation.context.weights.indices { computation.context.weights[index] = none }
    let plan = computation.plan
    let names = graph.outputNames ?? graph.outputs.map(graph.name(ofTensor:))
    tasks = losses.indices.compactMap { index in
      guard let objective = compilation?.objective(of: index) else { return nil }
      let activation = plan.lastActivations[index]
      let loss = activation.flatMap { losses[index]?.onLogits(of: $0) } ?? losses[index]
      return OutputTask(
        index, objective, loss, activation, prefix: losses.count == 1 ? "" : "\(names[index])_")
    }
    targetShapes = samples.targets.map { Array($0.shape.dropFirst()) }
    hasIntegerTargets = samples.targets.map(\.isInteger)
  }

  /// Whether the computation is for such samples.
  func takes(_ samples: Samples<Scalar>) -> Bool {
    guard computation.takes(samples.inputs), samples.targets.count == targetShapes.count else { return false }
    for (index, target) in samples.targets.enumerated() {
      guard target.isInteger == hasIntegerTargets[index], target.sampleShapeEquals(targetShapes[index]) else {
        return false
      }
    }
    return true
  }

  var context: Context<Scalar> { computation.context }

  // MARK: Losses

  private var lossSum = 0.0
  private var lossWeight = 0.0

  /// Sets the gradients with respect to the outputs, and returns the weighted sum of the losses.
  /// - Parameter scale: the factor of the gradients.
  func evaluateLosses(_ samples: Samples<Scalar>, scaledBy scale: Double?) throws -> Double {
    var sum = 0.0
    for index in tasks.indices {
      let output = tasks[index].output
      let prediction = computation.output(output)
      let (target, weights, mask) = (
        samples.targets[output], samples.weights(of: output), computation.outputMask(output)
      )
      if let loss = tasks[index].loss {
        var gradient = context.workspace.tensor(prediction.layout.shape)
        let value = try loss.valueAndGradient(prediction, of: target, weights, mask: mask, into: &gradient)
        let factor = tasks[index].weight * (scale ?? 1)
        if factor != 1 { gradient.scale(by: Scalar(factor)) }
        computation.setUpstream(output, gradient)
        sum += tasks[index].weight * value
        tasks[index].add(value, prediction.layout.shape[0])
      }
      try tasks[index].updateMetrics(prediction, target, weights, mask)
    }
    return sum
  }

  /// Returns the weighted sum of the losses without gradients.
  func evaluateLosses(_ samples: Samples<Scalar>) throws -> Double {
    var sum = 0.0
    for index in tasks.indices {
      let output = tasks[index].output
      let prediction = computation.output(output)
      let (target, weights, mask) = (
        samples.targets[output], samples.weights(of: output), computation.outputMask(output)
      )
      if let loss = tasks[index].loss {
        let value = try loss.unrounded(prediction, of: target, weights, mask: mask)
        sum += tasks[index].weight * value
        tasks[index].add(value, prediction.layout.shape[0])
      }
      try tasks[index].updateMetrics(prediction, target, weights, mask)
    }
    return sum
  }

  /// Takes one step of the optimizer. Returns the loss of the batch before it.
  /// - Parameter origin: released before the first weight changes, so that it shares no memory with the changing
  ///   weights.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(
    _ samples: consuming Samples<Scalar>, by optimizer: inout OptimizerState<Scalar>,
    using generator: inout PhiloxGenerator, origin: inout TrainingOrigin<Scalar>?
  ) throws -> Double {
    let scale = optimizer.lossScale
    let descentRate = optimizer.descentRate
    context.lossScale = scale ?? 1
    let count = samples.count
    samples.moveInputs(to: computation)
    var value = 0.0
    try context.workspace.lend {
      try computation.forward(using: &generator)
      value = try evaluateLosses(samples, scaledBy: scale)
      origin = nil
      try computation.pullback(descentRate: descentRate)
      value += context.penalty
      value += computation.addPenalties()
      computation.update(by: &optimizer, descended: descentRate != nil)
      computation.commitChanges()
      computation.releaseInputs()
    }
    add(value, count)
    return value
  }

  /// Adds the losses and metrics of a batch in inference.
  func evaluate(_ samples: consuming Samples<Scalar>) throws {
    let count = samples.count
    samples.moveInputs(to: computation)
    var value = 0.0
    try context.workspace.lend {
      try computation.infer()
      value = try evaluateLosses(samples)
      computation.releaseOutputs()
    }
    add(value + context.penalty + computation.penalty, count)
  }

  /// Adds the loss of a batch.
  func add(_ value: Double, _ count: Int) {
    lossSum += value * Double(count)
    lossWeight += Double(count)
  }

  /// The loss and the metrics since the last reset.
  var logs: Logs {
    var logs = Logs()
    logs["loss"] = lossWeight == 0 ? 0 : lossSum / lossWeight
    if tasks.count > 1 || tasks.contains(where: { !$0.prefix.isEmpty }) {
      for task in tasks { if let mean = task.meanLoss { logs["\(task.prefix)loss"] = mean } }
    }
    for task in tasks { for metric in task.metrics { logs[task.prefix + metric.metric.name] = metric.result } }
    return logs
  }

  func reset() {
    (lossSum, lossWeight) = (0, 0)
    context.workspace.lend {
      for index in tasks.indices { tasks[index].reset() }
    }
  }

  /// The accumulated losses and metrics since the last reset, from which to resume.
  var progress: [[Double]] { [[lossSum, lossWeight]] + tasks.flatMap(\.progress) }

  /// Restores accumulated numbers; false if they are those of other losses and metrics.
  func restore(_ progress: [[Double]]) -> Bool {
    guard progress.first?.count == 2, progress.count == self.progress.count else { return false }
    (lossSum, lossWeight) = (progress[0][0], progress[0][1])
    var rest = progress.dropFirst()
    for index in tasks.indices {
      let count = tasks[index].progress.count
      if !tasks[index].restore(Array(rest.prefix(count))) { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// The loss and the metrics of an output, over the batches so far.
struct OutputTask<Scalar: RealScalar> {
  let output: Int
  /// The input of the loss: logits, if the loss includes the last activation.
  let loss: Loss<Scalar>?
  let weight: Double
  /// The activation applied to the output for metrics, if the loss includes it.
  private let lastActivation: Activation<Scalar>?
  private(set) var metrics: [MetricState<Scalar>]
  /// The number of metrics, from the first one, in which every sample counts the same.
  private let unweightedCount: Int
  /// The prefix of its results in logs of several outputs.
  let prefix: String
  private var lossSum = 0.0
  private var lossWeight = 0.0

  /// `nil` if there is nothing to compute.
  init?(
    _ output: Int, _ objective: Objective<Scalar>, _ loss: Loss<Scalar>?, _ lastActivation: Activation<Scalar>?,
    prefix: String
  ) {
    metrics = (objective.metrics + objective.weightedMetrics).map { $0.makeState() }
    if loss == nil && metrics.isEmpty { return nil }
    self.output = output
    self.loss = loss
    weight = objective.weight
    self.lastActivation = lastActivation
    unweightedCount = objective.metrics.count
    self.prefix = prefix
  }

  mutating func updateMetrics(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?, _ mask: Tensor<Bool>?
  ) throws {
    if metrics.isEmpty { return }
    let prediction = try lastActivation?(prediction) ?? prediction
    for index in metrics.indices {
      let weights = index < unweightedCount ? nil : weights
      if let mask, metrics[index].metric.usesMask {
        try metrics[index].update(
          prediction, target.filled(outside: mask), sampleWeights: mask.weights(times: weights))
      } else {
        try metrics[index].update(prediction, target, sampleWeights: weights)
      }
    }
  }

  mutating func add(_ value: Double, _ count: Int) {
    lossSum += value * Double(count)
    lossWeight += Double(count)
  }

  var meanLoss: Double? { loss == nil ? nil : lossWeight == 0 ? 0 : lossSum / lossWeight }

  mutating func reset() {
    (lossSum, lossWeight) = (0, 0)
    for index in metrics.indices { metrics[index].reset() }
  }

  var progress: [[Double]] { [[lossSum, lossWeight]] + metrics.map(\.numbers) }

  mutating func restore(_ progress: [[Double]]) -> Bool {
    guard progress[0].count == 2 else { return false }
    (lossSum, lossWeight) = (progress[0][0], progress[0][1])
    return metrics.indices.allSatisfy { metrics[$0].restore(progress[$0 + 1]) }
  }
}

extension Target {
  var isInteger: Bool { if case .integers = self { true } else { false } }

  /// Whether the shape without the first axis equals this.
  func sampleShapeEquals(_ shape: [Int]) -> Bool {
    switch self {
    case .reals(let tensor): tensor.layout.isBatch(of: shape)
    case .integers(let tensor): tensor.layout.isBatch(of: shape)
    }
  }
}
