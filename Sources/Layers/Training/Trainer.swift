internal import Activations
internal import Tensor

/// A model while it is trained: steps over batches, whose tensors reuse the memory of those before.
struct Trainer<Scalar: RealScalar> {
  var graph: Graph<Scalar>
  var compilation: Compilation<Scalar>
  private(set) var pass: Pass<Scalar>
  /// What the loss is computed of: logits, where the loss takes over the last activation.
  private let loss: Loss<Scalar>
  private let lastActivation: Activation<Scalar>?
  private(set) var metrics: [MetricState<Scalar>]
  /// How many of the metrics, from the first on, count every sample the same.
  private let unweightedCount: Int
  private var lossSum = 0.0
  private var lossWeight = 0.0
  /// What there was before training; nothing from the moment on that a step changes weights, which it shares until then.
  private var origin: TrainingOrigin<Scalar>?

  /// - Parameter target: decides what a loss without a definite form is.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(
    _ graph: consuming Graph<Scalar>, _ compilation: consuming Compilation<Scalar>, outputShape: [Int],
    _ target: Target<Scalar>, origin: consuming TrainingOrigin<Scalar>? = nil
  ) {
    let loss = compilation.loss.resolved(prediction: outputShape, target: target)
    let activation = graph.lastActivation
    let fused = activation.flatMap { loss.onLogits(of: $0) }
    self.loss = fused ?? loss
    lastActivation = fused == nil ? nil : activation
    metrics = (compilation.metrics + compilation.weightedMetrics).map { $0.makeState() }
    unweightedCount = compilation.metrics.count
    pass = graph.passes.take()
    self.graph = graph
    self.compilation = compilation
    self.origin = origin
  }

  /// Training has come to its end: weights become what the optimizer has averaged, where it does.
  mutating func end() {
    origin = nil
    graph.finish(&compilation.optimizer)
    graph.releaseGradients()
  }

  /// Training ends by an error. Where no step has changed weights, all is what it was before.
  mutating func giveUp(_ generator: inout PhiloxGenerator) {
    pass = Pass()  // the other holds half a computation
    guard let origin = origin.take() else { return }
    graph = origin.graph
    compilation = origin.compilation ?? compilation
    generator = origin.generator
  }

  /// Hands the memory of the passes on.
  func giveBack() { graph.passes.give(pass) }

  // MARK: Steps

  /// One step of the optimizer. Returns the loss of the batch before it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  mutating func step(
    _ inputs: consuming [Tensor<Scalar>], _ target: Target<Scalar>, weights: Tensor<Scalar>?,
    using generator: inout PhiloxGenerator
  ) throws -> Double {
    pass.mode = Pass.Mode(isTraining: true, leavesOutActivation: lastActivation != nil, hasLoss: true)
    pass.needsInputGradient = false
    pass.generator = generator.split()
    let count = inputs[0].shape[0]
    let scale = compilation.optimizer.optimizer.lossScaleFactor
    pass.mode.lossScale = scale ?? 1
    var (value, gradient) = try lossOfForward(inputs, target, weights)
    if let scale { gradient.scale(by: Scalar(scale)) }
    origin = nil
    graph.clearGradients(descentRate: compilation.optimizer.descentRate)
    _ = try graph.pullback(consume gradient, pass)
    value += pass.penalty
    if graph.hasRegularizers { value += graph.addPenalties(scaledBy: scale ?? 1) }
    graph.update(&compilation.optimizer)
    add(value, count)
    return value
  }

  /// The loss and its gradient by what the model computes, which nobody holds afterwards but the pass.
  private mutating func lossOfForward(
    _ inputs: consuming [Tensor<Scalar>], _ target: Target<Scalar>, _ weights: Tensor<Scalar>?
  ) throws -> (Double, Tensor<Scalar>) {
    let prediction = inputs.count == 1 ? try graph.forward(inputs[0], pass) : try graph.forward(inputs, pass)[0]
    var gradient = pass.tensor(prediction.shape)
    let value = try loss.valueAndGradient(prediction, of: target, weights, into: &gradient)
    try updateMetrics(prediction, target, weights)
    return (value, gradient)
  }

  /// The loss of a batch in use.
  mutating func evaluate(
    _ inputs: consuming [Tensor<Scalar>], _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws {
    pass.mode = Pass.Mode(leavesOutActivation: lastActivation != nil, hasLoss: true)
    let count = inputs[0].shape[0]
    let prediction = try graph.forward(inputs, pass)[0]
    let value = try loss.unrounded(prediction, of: target, weights)
    try updateMetrics(prediction, target, weights)
    add(value + pass.penalty + (graph.hasRegularizers ? graph.penalty : 0), count)
  }

  private mutating func updateMetrics(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?
  ) throws {
    if metrics.isEmpty { return }
    let prediction = try lastActivation?(prediction) ?? prediction
    for index in metrics.indices {
      try metrics[index].update(prediction, target, sampleWeights: index < unweightedCount ? nil : weights)
    }
  }

  private mutating func add(_ value: Double, _ count: Int) {
    lossSum += value * Double(count)
    lossWeight += Double(count)
  }

  // MARK: Results

  /// The loss and the metrics since the last reset.
  var logs: Logs {
    var logs = Logs()
    logs["loss"] = lossWeight == 0 ? 0 : lossSum / lossWeight
    for metric in metrics { logs[metric.metric.name] = metric.result }
    return logs
  }

  mutating func reset() {
    lossSum = 0
    lossWeight = 0
    for index in metrics.indices { metrics[index].reset() }
  }
}

// MARK: Weights while they are trained

extension Graph {
  /// - Parameter descentRate: that of an optimizer that does no more than take gradients off the weights. Weights that several
  ///   tensors are multiplied by, or that are penalised, add their gradients up all the same.
  mutating func clearGradients(descentRate: Scalar?) {
    forEachWeight { $0.clearGradient(descentRate: $0.mayDescend && $0.regularizer == nil ? descentRate : nil) }
  }

  mutating func releaseGradients() {
    forEachWeight { $0.releaseGradient() }
  }

  /// What regularizers add to the loss.
  var penalty: Double {
    var copy = self
    var sum = 0.0
    copy.forEachWeight { weight in
      if weight.isTrainable, let regularizer = weight.regularizer { sum += regularizer.penalty(of: weight.value) }
    }
    return sum
  }

  /// What regularizers add to the loss; its gradient is added to the weights'.
  mutating func addPenalties(scaledBy scale: Double) -> Double {
    var sum = 0.0
    forEachWeight { weight in
      guard weight.isTrainable, let regularizer = weight.regularizer else { return }
      sum += regularizer.penalty(of: weight.value)
      if weight.isFrozen { return }
      weight.update { value, gradient in regularizer.addGradient(of: value, to: &gradient, scaledBy: scale) }
    }
    return sum
  }

  /// A step of the optimizer on every weight that is trained.
  mutating func update(_ optimizer: inout OptimizerState<Scalar>) {
    optimizer.beginStep()
    if optimizer.needsGradientNorm {
      forEachTrainedWeight { index, weight in
        weight.requireGradient()
        weight.update { _, gradient in optimizer.addGradientNorm(of: &gradient, at: index) }
      }
    }
    forEachTrainedWeight { index, weight in
      weight.requireGradient()
      if !weight.hasDescended {
        weight.update { value, gradient in optimizer.update(&value, gradient: &gradient, at: index) }
      }
      weight.constraint?.apply(to: &weight.value)
    }
    optimizer.endStep()
  }

  mutating func finish(_ optimizer: inout OptimizerState<Scalar>) {
    forEachTrainedWeight { index, weight in optimizer.finish(&weight.value, at: index) }
  }

  /// Weights keep their numbers while their layers are frozen.
  mutating func forEachTrainedWeight(_ body: (_ index: Int, inout Weight<Scalar>) -> Void) {
    var index = 0
    forEachWeight { weight in
      guard weight.isTrainable else { return }
      if !weight.isFrozen { body(index, &weight) }
      index += 1
    }
  }

  /// Tells the weights whether their layers are trained, and which these are.
  mutating func applyTrainability(_ isTrainable: Bool = true) {
    applyTrainability(isTrainable, sharesStages: sharesStages, path: "")
  }

  private mutating func applyTrainability(_ isTrainable: Bool, sharesStages: Bool, path: String) {
    changeLayers { stage, kind in
      let isTrained = isTrainable && stage.isTrainable
      if kind == .model {
        var model = stage.layer as! any Model<Scalar>
        model.graph.applyTrainability(isTrained, sharesStages: sharesStages, path: "\(path)\(stage.name)/")
        stage.layer = model
      } else {
        let owner = path + stage.title
        stage.layer.forEachWeight {
          $0.owner = owner
          $0.isFrozen = !isTrained
          $0.mayDescend = kind == .dense && !sharesStages
        }
      }
    }
  }

  /// Throws where a layer cannot pass gradients back.
  func requireTrainable() throws {
    for (stage, kind) in zip(stages, kinds) {
      try stage.naming {
        if kind == .model { return try (stage.layer as! any Model<Scalar>).graph.requireTrainable() }
        if stage.layer.hasPullback { return }
        throw LayerError.notTrainable(
          layer: stage.layer.className,
          reason: "its activation was made without a pullback; .custom(name, function, pullback:) takes one"
        )
      }
    }
  }
}
