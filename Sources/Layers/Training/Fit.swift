public import Tensor

extension Model {
  /// Trains the model.
  ///
  /// ```swift
  /// var generator = PhiloxGenerator(seed: 1)
  /// let history = try model.fit(images, labels, epochs: 20, validationSplit: 0.1, using: &generator)
  /// ```
  ///
  /// A model that has not been built is built for x. The same generator gives the same initial weights, batches and
  /// dropout on any number of threads. Training ends after a batch when the task is cancelled or a callback requests
  /// it; the model then has the weights after that batch.
  /// - Parameters:
  ///   - x: the input, [samples, …].
  ///   - y: classes or values, one row for each sample.
  ///   - batchSize: the number of samples in a step of the optimizer; at least 1.
  ///   - epochs: the number of the last epoch; at least 0.
  ///   - validationSplit: the fraction of the samples, at the end, that is used for validation instead of training.
  ///   - validationData: the samples for validation, instead of `validationSplit`.
  ///   - shuffle: whether the order of samples changes in every epoch.
  ///   - classWeights: the weight of samples by class; 1 by default.
  ///   - sampleWeights: the weights of samples, [samples].
  ///   - initialEpoch: the number of the first epoch, from 0.
  ///   - callbacks: the callbacks, notified in this order.
  ///   - progress: the progress display.
  ///   - generator: the source of random numbers.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` if data or options are not valid for the model,
  ///   and errors of callbacks and of custom layers, losses and metrics. Until a step has changed weights, an error
  ///   leaves the model and the generator as they were before the call. Afterwards, the model keeps its training so
  ///   far; an error thrown by a layer's pullback may leave the last step incomplete.
  /// - Complexity: in addition to the data, memory for the weights, their gradients, the optimizer's state, and the
  ///   results of one batch.
  @discardableResult
  public mutating func fit(
    _ x: some ModelInputs, _ y: some TargetTensor, batchSize: Int = 32, epochs: Int = 1,
    validationSplit: Double = 0,
    validationData: ValidationData<Scalar>? = nil, shuffle: Bool = true, classWeights: [Int: Double] = [:],
    sampleWeights: Tensor<Scalar>? = nil, initialEpoch: Int = 0, callbacks: [any Callback<Scalar>] = [],
    progress: TrainingProgress = .automatic, using generator: inout PhiloxGenerator
  ) throws -> History {
    let options = TrainingOptions<Scalar> {
      $0.batchSize = batchSize
      $0.epochs = epochs
      $0.validationSplit = validationSplit
      $0.validationData = validationData
      $0.shuffle = shuffle
      $0.classWeights = classWeights
      $0.sampleWeights = [sampleWeights]
      $0.initialEpoch = initialEpoch
      $0.callbacks = callbacks
      $0.progress = progress
    }
    return try fit(x.tensors(as: Scalar.self), [y], options: options, using: &generator)
  }

  /// Trains a model with any number of inputs and outputs.
  ///
  /// ```swift
  /// let options = TrainingOptions<Float> {
  ///   $0.epochs = 20
  ///   $0.validationSplit = 0.1
  /// }
  /// let history = try model.fit([images], [labels], options: options, using: &generator)
  /// ```
  /// - Parameters:
  ///   - inputs: the inputs, each [samples, …].
  ///   - targets: classes or values for each output, one row for each sample.
  ///   - options: the options of the training.
  ///   - generator: the source of random numbers.
  /// - Throws: the errors of the short form.
  @discardableResult
  public mutating func fit(
    _ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], options: TrainingOptions<Scalar>,
    using generator: inout PhiloxGenerator
  ) throws -> History {
    let samples = try Samples(
      inputs, targets.map { $0.target(as: Scalar.self) }, weights: options.sampleWeights)
    return try fit(TrainingPlan(samples, options), options, using: &generator)
  }

  /// Trains according to a plan.
  mutating func fit(
    _ plan: TrainingPlan<Scalar>, _ options: TrainingOptions<Scalar>, using generator: inout PhiloxGenerator
  ) throws -> History {
    defer { plan.source.end() }
    guard let compiled else { throw TrainingError.notCompiled(model: className) }
    let (training, origin) = try prepareTraining(
      plan.first, validation: plan.validation?.first, compiled, using: &generator)
    var run = TrainingRun(form, Trainer(of: &self, training, origin: origin), plan, options, generator)
    defer {
      generator = run.generator
      run.giveBack(to: &self)
    }
    try run.train()
    return run.history
  }

  /// Takes one step of the optimizer on a batch, computed all at once.
  /// - Returns: the batch's loss before the step.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` if the batch is not valid for the model; the
  ///   model and the generator do not change then. An error thrown by a custom operation's pullback may leave the step
  ///   incomplete.
  @discardableResult
  @_specialize(where Scalar == Float, Targets == Tensor<Int64>)
  @_specialize(where Scalar == Float, Targets == Tensor<Float>)
  public mutating func trainOnBatch<Targets: TargetTensor>(
    _ x: Tensor<Scalar>, _ y: Targets, sampleWeights: Tensor<Scalar>? = nil, using generator: inout PhiloxGenerator
  ) throws -> Double {
    try trainOnBatch(
      Samples([x], [Target(y)], weights: sampleWeights == nil ? [] : [sampleWeights]), using: &generator)
  }

  /// Takes one step of the optimizer for any number of inputs and outputs.
  @discardableResult
  public mutating func trainOnBatch(
    _ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = [],
    using generator: inout PhiloxGenerator
  ) throws -> Double {
    try trainOnBatch(
      Samples(inputs, targets.map { $0.target(as: Scalar.self) }, weights: sampleWeights), using: &generator)
  }

  private mutating func trainOnBatch(
    _ samples: Samples<Scalar>, using generator: inout PhiloxGenerator
  ) throws -> Double {
    guard compiled != nil else { throw TrainingError.notCompiled(model: className) }
    let (training, before) = try prepareTraining(samples, compiled, using: &generator)
    var origin = Optional(before)
    graph.exchangeWeights(&training.context.weights)
    do {
      let value = try training.step(samples, by: &compiled!.optimizer, using: &generator, origin: &origin)
      graph.exchangeWeights(&training.context.weights)
      graph.computations.give(training)
      return value
    } catch {
      training.computation.reset()
      graph.exchangeWeights(&training.context.weights)
      if let origin {
        generator = origin.generator
        graph = origin.graph ?? graph
        compiled = origin.compilation ?? compiled
      }
      throw error
    }
  }

  /// Returns the loss and the metrics of the model in inference.
  /// - Throws: ``LayerError``, ``EvaluationError`` or ``TrainingError`` if the samples are not valid for the model.
  public func evaluate(
    _ x: some ModelInputs, _ y: some TargetTensor, batchSize: Int = 256, sampleWeights: Tensor<Scalar>? = nil
  ) throws -> Logs {
    try evaluate(x.tensors(as: Scalar.self), [y], batchSize: batchSize, sampleWeights: [sampleWeights])
  }

  /// Returns the loss and the metrics of a model with any number of inputs and outputs.
  public func evaluate(
    _ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], batchSize: Int = 256,
    sampleWeights: [Tensor<Scalar>?] = []
  ) throws -> Logs {
    try requireBatchSize(batchSize)
    let samples = try Samples(inputs, targets.map { $0.target(as: Scalar.self) }, weights: sampleWeights)
    return try evaluate(EvaluationBatches(samples, batchSize: batchSize))
  }

  func evaluate(_ batches: EvaluationBatches<Scalar>) throws -> Logs {
    guard let compiled else { throw TrainingError.notCompiled(model: className) }
    var graph = graph
    var generator = PhiloxGenerator(seed: 0)
    let shapes = try graph.prepared(for: batches.first, compiled, isTraining: false, className, using: &generator)
    let evaluation = try TrainingComputation(
      &graph, compiled, batches.first, isTraining: false, outputShapes: shapes)
    graph.exchangeWeights(&evaluation.context.weights)
    try batches.visit { try evaluation.evaluate($0) }
    return evaluation.logs
  }

  /// Returns the outputs for any number of samples, computed batch by batch. The result does not depend on the batch
  /// size, except for the last bit of activations along an axis.
  /// - Throws: ``LayerError`` before anything is computed, if the model does not accept x.
  /// - Complexity: memory for the result and one batch.
  public func predict(_ x: Tensor<Scalar>, batchSize: Int = 256) throws -> Tensor<Scalar> {
    try requireBatchSize(batchSize)
    guard x.rank > 0, x.shape[0] > batchSize, !x.isEmpty else { return try self(x) }
    try graph.requireOneInputAndOutput(className)
    return try predict([x], batchSize: batchSize)[0]
  }

  /// Returns the outputs of a model with several inputs or outputs, in the order of ``inputs`` and ``outputs``: `try
  /// model.predict([left, right])`.
  /// - Throws: ``LayerError`` before anything is computed, if an input is missing or the model does not accept it.
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

  /// Returns the output for samples written as rows of numbers.
  /// - Precondition: all rows have the same length.
  /// - Throws: ``LayerError`` if the model does not accept such rows.
  public func predict(_ rows: [[Scalar]], batchSize: Int = 256) throws -> Tensor<Scalar> {
    try predict(Tensor(rows), batchSize: batchSize)
  }

  private func requireBatchSize(_ batchSize: Int) throws {
    try requireArgument(batchSize >= 1, "batchSize", batchSize, "integers of at least 1")
  }

  /// Checks everything against the samples, builds the model if necessary, and records a training step, unless the
  /// previous one is for such samples. If the model is rejected, it and the generator do not change.
  /// - Returns: the step and the previous state, of which only the parts that have changed.
  mutating func prepareTraining(
    _ samples: Samples<Scalar>, validation: Samples<Scalar>? = nil, _ compilation: Compilation<Scalar>?,
    using generator: inout PhiloxGenerator
  ) throws -> (TrainingComputation<Scalar>, TrainingOrigin<Scalar>) {
    if validation == nil, let training = graph.takeTraining(), training.takes(samples) {
      return (training, TrainingOrigin(graph: nil, compilation: nil, generator: generator))
    }
    var (prepared, random) = (graph, generator)
    let shapes = try prepared.prepared(for: samples, compilation, isTraining: true, className, using: &random)
    if let validation {
      _ = try prepared.prepared(for: validation, compilation, isTraining: false, className, using: &random)
    }
    prepared.changed()
    let training = try TrainingComputation(&prepared, compilation, samples, isTraining: true, outputShapes: shapes)
    let origin = TrainingOrigin(graph: graph, compilation: compilation, generator: generator)
    (graph, generator) = (prepared, random)
    return (training, origin)
  }
}

extension Graph {
  /// Throws if layers and losses do not accept the samples, and builds the layers that are not built. Returns the
  /// outputs' shapes, including the number of samples.
  mutating func prepared(
    for samples: Samples<Scalar>, _ compilation: Compilation<Scalar>?, isTraining: Bool, _ model: String,
    using generator: inout PhiloxGenerator
  ) throws -> [[Int]] {
    try requireInputs(samples.inputs.count, model)
    guard !nodes.isEmpty else {
      throw LayerError.notTrainable(layer: model, reason: "a model that is trained has layers")
    }
    let outputShapes = try outputShapes(for: samples)
    // Before the targets: a layer with another output than it says is not to be blamed on them.
    if !isBuilt {
      try build(samples.sampleShapes, using: &generator)
      _ = try shapes(for: samples.sampleShapes)  // a layer used at several places has been built for the first one
    }
    let expected = compilation == nil ? 0 : outputs.count
    guard samples.targets.count == expected else {
      throw TrainingError.targetCount(model: model, found: samples.targets.count, expected: expected)
    }
    for (index, shape) in outputShapes.enumerated() {
      guard let loss = compilation?.objective(of: index).loss else { continue }
      try loss.resolved(prediction: shape, target: samples.targets[index]).check(
        prediction: shape, of: samples.targets[index])
      if isTraining { try loss.requireGradient() }
    }
    if isTraining, let compilation { try requireShapes(of: compilation.optimizer, model) }
    return outputShapes
  }

  func outputShapes(for samples: Samples<Scalar>) throws -> [[Int]] {
    let all = try shapes(for: samples.sampleShapes)
    return outputs.map { [samples.count] + all[$0] }
  }

  /// Throws if the optimizer has started with other weights.
  private func requireShapes(of optimizer: OptimizerState<Scalar>, _ model: String) throws {
    var number = 0
    for weight in stages.flatMap({ $0.layer.weights }) where weight.isTrainable {
      if let known = optimizer.shape(at: number), known != weight.value.shape, !weight.isFrozen {
        throw TrainingError.weightsChanged(
          model: model, weight: weight.name, shape: weight.value.shape, known: known)
      }
      number += 1
    }
  }
}
