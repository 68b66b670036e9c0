public import Tensor

/// What a model is judged by after each epoch.
public struct ValidationData<Scalar: RealScalar>: Sendable {
  /// One tensor for each input, [samples, …].
  public let inputs: [Tensor<Scalar>]
  /// Classes or values, one row for each sample.
  public let target: any TargetTensor
  /// [samples]: how much each counts; none: all the same.
  public let sampleWeights: Tensor<Scalar>?

  /// Of a model with one input.
  public init(_ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init([x], y, sampleWeights: sampleWeights)
  }

  /// Of a model with several inputs.
  public init(_ inputs: [Tensor<Scalar>], _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.inputs = inputs
    target = y
    self.sampleWeights = sampleWeights
  }
}

extension Model {
  /// Trains the model.
  ///
  /// ```swift
  /// var generator = PhiloxGenerator(seed: 1)
  /// let history = try model.fit(images, labels, epochs: 20, validationSplit: 0.1, using: &generator)
  /// ```
  ///
  /// A model that has not been built is built for x. The same generator gives the same weights at first, the same batches and
  /// the same dropout, whatever the number of threads. Training ends after a batch when the task is cancelled or a callback
  /// asks for it; the weights are then those after that batch.
  /// - Parameter callbacks: what is told how training goes, in this order.
  /// - Parameter initialEpoch: the number of the first epoch, counted from 0.
  /// - Parameter epochs: the number of the last epoch; from 0 on.
  /// - Parameter shuffle: whether samples come in a new order in every epoch.
  /// - Parameter generator: where random numbers come from.
  /// - Parameter batchSize: how many samples a step of the optimizer sees; from 1 on.
  /// - Parameter progress: what is shown meanwhile.
  /// - Parameter x: [samples, …]
  /// - Parameter y: classes or values, one row for each sample.
  /// - Parameter validationSplit: the part of the samples, from the last on, that is kept to judge the model by.
  /// - Parameter validationData: what it is judged by instead.
  /// - Parameter classWeights: how much a sample of a class counts, 1 where it is not given.
  /// - Parameter sampleWeights: [samples], how much each counts.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` where something does not fit; and what callbacks, layers, losses
  ///   and metrics of one's own throw. Before a first step has changed weights, model and generator are then what they were: as
  ///   if nothing had been called. Afterwards the model is as trained so far, and what a layer throws in its pullback may leave the
  ///   last step half done.
  /// - Complexity: besides the data, memory for the weights, their gradients, what the optimizer keeps, and the results of one
  ///   batch.
  @discardableResult
  public mutating func fit(
    _ x: Tensor<Scalar>, _ y: some TargetTensor, batchSize: Int = 32, epochs: Int = 1, validationSplit: Double = 0,
    validationData: ValidationData<Scalar>? = nil, shuffle: Bool = true, classWeights: [Int: Double] = [:],
    sampleWeights: Tensor<Scalar>? = nil, initialEpoch: Int = 0, callbacks: [any Callback<Scalar>] = [],
    progress: TrainingProgress = .automatic, using generator: inout PhiloxGenerator
  ) throws -> History {
    try fit(
      [x], y, batchSize: batchSize, epochs: epochs, validationSplit: validationSplit, validationData: validationData,
      shuffle: shuffle, classWeights: classWeights, sampleWeights: sampleWeights, initialEpoch: initialEpoch,
      callbacks: callbacks, progress: progress, using: &generator)
  }

  /// Trains a model of several inputs.
  @discardableResult
  public mutating func fit(
    _ inputs: [Tensor<Scalar>], _ y: some TargetTensor, batchSize: Int = 32, epochs: Int = 1,
    validationSplit: Double = 0, validationData: ValidationData<Scalar>? = nil, shuffle: Bool = true,
    classWeights: [Int: Double] = [:], sampleWeights: Tensor<Scalar>? = nil, initialEpoch: Int = 0,
    callbacks: [any Callback<Scalar>] = [], progress: TrainingProgress = .automatic,
    using generator: inout PhiloxGenerator
  ) throws -> History {
    let plan = try TrainingPlan(
      samples: Samples(inputs, Target(y), weights: sampleWeights), classWeights: classWeights,
      validationSplit: validationSplit, validationData: validationData, batchSize: batchSize, shuffles: shuffle,
      epochs: epochs, initialEpoch: initialEpoch)
    let origin = TrainingOrigin(self, generator)
    let outputShape = try prepare(plan.samples, validation: plan.validation, using: &generator)
    var run = TrainingRun(
      self, takeCompilation(), plan, outputShape: outputShape, callbacks: callbacks, progress: progress,
      origin: consume origin)
    graph = Graph(inputCount: 0)  // so that the run alone holds the weights and writes them in place
    defer { self = run.takeModel() as! Self }
    try run.train(using: &generator)
    return run.history
  }

  /// One step of the optimizer on a batch, all of it at once.
  /// - Returns: the batch's loss before the step.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` where something does not fit; model and generator are then what
  ///   they were. What a layer of one's own throws in its pullback may leave the step half done.
  @discardableResult
  @_specialize(where Self == Sequential<Float>, Targets == Tensor<Int64>)
  @_specialize(where Self == Sequential<Float>, Targets == Tensor<Float>)
  public mutating func trainOnBatch<Targets: TargetTensor>(
    _ x: Tensor<Scalar>, _ y: Targets, sampleWeights: Tensor<Scalar>? = nil, using generator: inout PhiloxGenerator
  ) throws -> Double {
    let samples = try Samples([x], Target(y), weights: sampleWeights)
    let origin = TrainingOrigin(self, generator)
    let shape = try prepare(samples, using: &generator)
    var trainer = Trainer(
      graph, takeCompilation(), outputShape: shape, samples.target, origin: consume origin)
    graph = Graph(inputCount: 0)
    defer {
      trainer.giveBack()
      graph = trainer.graph
      compilation = trainer.compilation
    }
    do {
      return try trainer.step(samples.inputs, samples.target, weights: samples.weights, using: &generator)
    } catch {
      trainer.giveUp(&generator)
      throw error
    }
  }

  /// The loss and the metrics of the model in use.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` where something does not fit.
  public func evaluate(
    _ x: Tensor<Scalar>, _ y: some TargetTensor, batchSize: Int = 256, sampleWeights: Tensor<Scalar>? = nil
  ) throws -> Logs {
    try evaluate([x], y, batchSize: batchSize, sampleWeights: sampleWeights)
  }

  /// The loss and the metrics of a model of several inputs.
  public func evaluate(
    _ inputs: [Tensor<Scalar>], _ y: some TargetTensor, batchSize: Int = 256, sampleWeights: Tensor<Scalar>? = nil
  ) throws -> Logs {
    try requireBatchSize(batchSize)
    let samples = try Samples(inputs, Target(y), weights: sampleWeights)
    var model = self
    var generator = PhiloxGenerator(seed: 0)
    let shape = try model.prepare(samples, isTraining: false, using: &generator)
    var trainer = Trainer(model.graph, model.takeCompilation(), outputShape: shape, samples.target)
    try trainer.evaluate(samples, batchSize: batchSize)
    trainer.giveBack()
    return trainer.logs
  }

  /// The outputs for any number of samples, a batch at a time. The result does not depend on the batches' size, but for the last bit
  /// of activations along an axis.
  /// - Throws: ``LayerError`` where x does not fit, before anything is computed.
  /// - Complexity: memory for the result and one batch.
  public func predict(_ x: Tensor<Scalar>, batchSize: Int = 256) throws -> Tensor<Scalar> {
    try requireBatchSize(batchSize)
    guard x.rank > 0, x.shape[0] > batchSize, !x.isEmpty else { return try self(x) }
    try graph.requireOneInputAndOutput(Self.self)
    return try predict([x], batchSize: batchSize)[0]
  }

  /// The outputs of a model of several inputs or outputs, in the order of ``inputs`` and ``outputs``:
  /// `try model.predict([left, right])`.
  /// - Throws: ``LayerError`` where an input does not fit or is missing, before anything is computed.
  /// - Complexity: memory for the results and one batch.
  public func predict(_ inputs: [Tensor<Scalar>], batchSize: Int = 256) throws -> [Tensor<Scalar>] {
    try requireBatchSize(batchSize)
    guard inputs.count == graph.inputCount, let count = inputs.first?.shape.first, count > batchSize,
      !inputs.contains(where: \.isEmpty)
    else {
      return try self(inputs)
    }
    try graph.requireBatch(inputs.map(\.shape), className)
    let model = isBuilt ? self : try built(for: inputs.map(\.shape))
    let shapes = try model.outputShapes(forInputs: inputs.map { Array($0.shape.dropFirst()) })
    var results = shapes.map { Tensor<Scalar>(uninitialized: [count] + $0) }
    for start in stride(from: 0, to: count, by: batchSize) {
      let rows = start..<min(start + batchSize, count)
      let outputs = try model(inputs.map { $0[rows] })
      for index in results.indices { results[index][rows] = outputs[index] }
    }
    return results
  }

  /// The output for samples written as rows of numbers. Traps where their lengths differ.
  /// - Throws: ``LayerError`` where a row does not fit.
  public func predict(_ rows: [[Scalar]], batchSize: Int = 256) throws -> Tensor<Scalar> {
    try predict(Tensor(rows), batchSize: batchSize)
  }

  private func requireBatchSize(_ batchSize: Int) throws {
    guard batchSize >= 1 else {
      throw TrainingError.argument(name: "batchSize", value: "\(batchSize)", allowed: "integers from 1 on")
    }
  }

  /// Hands over what ``prepare`` has found, so that the optimizer's memory has one holder.
  private mutating func takeCompilation() -> Compilation<Scalar> { compilation.take()! }

  /// Checks everything against the samples and builds the model where that has not been done. A model that is refused, and the
  /// generator, stay as they are. Returns the output's shape.
  private mutating func prepare(
    _ samples: Samples<Scalar>, validation: Samples<Scalar>? = nil, isTraining: Bool = true,
    using generator: inout PhiloxGenerator
  ) throws -> [Int] {
    guard let compilation else { throw TrainingError.notCompiled(model: className) }
    var (prepared, random) = (graph, generator)
    let outputShape = try prepared.prepare(
      samples, compilation, isTraining: isTraining, model: Self.self, using: &random)
    if let validation { _ = try prepared.outputShape(of: validation, compilation.loss, model: Self.self) }
    (graph, generator) = (prepared, random)
    return outputShape
  }
}

extension Graph {
  /// Throws where an optimizer has begun with other weights.
  fileprivate mutating func requireShapes(of optimizer: OptimizerState<Scalar>, _ model: any Layer.Type) throws {
    var error: TrainingError?
    forEachTrainedWeight { index, weight in
      guard let known = optimizer.shape(at: index), known != weight.value.shape else { return }
      error = .weightsChanged(model: model.className, weight: weight.name, shape: weight.value.shape, known: known)
    }
    if let error { throw error }
  }

  /// Throws where layers and loss do not fit the samples. Returns the output's shape.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  fileprivate func outputShape(
    of samples: Samples<Scalar>, _ loss: Loss<Scalar>, model: any Layer.Type
  ) throws -> [Int] {
    let shapes = samples.sampleShapes
    if shapes.count != inputCount { try requireInputs(shapes.count, model.className) }
    guard outputs.count == 1, !nodes.isEmpty else {
      throw LayerError.notTrainable(
        layer: model.className, reason: "a model that is trained has layers and one output, not \(outputs.count)")
    }
    let outputShape = [samples.count] + (try self.shapes(for: shapes)[outputs[0]])
    try loss.resolved(prediction: outputShape, target: samples.target).check(
      prediction: outputShape, of: samples.target)
    return outputShape
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  fileprivate mutating func prepare(
    _ samples: Samples<Scalar>, _ compilation: Compilation<Scalar>, isTraining: Bool, model: any Layer.Type,
    using generator: inout PhiloxGenerator
  ) throws -> [Int] {
    let outputShape = try outputShape(of: samples, compilation.loss, model: model)
    if isTraining { try compilation.loss.requireGradient() }
    if isPrepared { return outputShape }
    if isTraining { try requireTrainable() }
    if !isBuilt {
      try build(samples.sampleShapes, using: &generator)
      _ = try shapes(for: samples.sampleShapes)  // a layer at several places has been built for the first
    }
    applyTrainability()
    if isTraining { try requireShapes(of: compilation.optimizer, model) }
    var isPenalised = false
    forEachWeight { if $0.isTrainable && $0.regularizer != nil { isPenalised = true } }
    hasRegularizers = isPenalised
    isPrepared = true
    return outputShape
  }
}
