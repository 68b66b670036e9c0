public import Tensor

/// A running training, which callbacks observe and change.
public struct TrainingRun<Scalar: RealScalar> {
  /// The model without its layers, which are in the trainer.
  private let shell: Model<Scalar>
  private var trainer: Trainer<Scalar>
  private let plan: TrainingPlan<Scalar>
  private let callbacks: [any Callback<Scalar>]
  private var report: ProgressReport
  /// The source of random numbers.
  private(set) var generator: PhiloxGenerator

  /// The current epoch, numbered from 0.
  public private(set) var epoch: Int
  /// The current batch of the epoch, numbered from 0.
  public private(set) var batch = 0
  /// The means since the beginning of the epoch; at its end, including the validation's.
  public private(set) var logs = Logs()
  /// The results of earlier epochs.
  public private(set) var history = History()
  /// The epoch after this one.
  private var nextEpoch: Int
  /// The generator at the beginning of the epoch.
  private var epochGenerator: PhiloxGenerator
  /// The number of the next epoch's batches that are already done.
  private var batchesDone = 0

  init(
    _ form: Model<Scalar>.Form, _ trainer: consuming Trainer<Scalar>, _ plan: TrainingPlan<Scalar>,
    _ options: TrainingOptions<Scalar>, _ generator: PhiloxGenerator
  ) {
    shell = Model(Graph(inputCount: 0), form)
    self.trainer = trainer
    self.plan = plan
    callbacks = options.callbacks
    self.generator = generator
    epochGenerator = generator
    epoch = plan.epochs.lowerBound
    nextEpoch = epoch
    report = ProgressReport(options.progress, epochs: plan.epochs.upperBound, batches: plan.source.batchCount)
  }

  // MARK: For callbacks

  /// The current model. Training continues with a model that is set, such as a checkpoint, which must have the same
  /// layers.
  public var model: Model<Scalar> {
    get {
      var model = shell
      model.graph = trainer.currentGraph
      model.compiled = trainer.currentCompilation
      return model
    }
    set {
      let (count, found) = (trainer.layerCount, newValue.graph.stages.count)
      require(found == count, "training continues with a model of \(count) layers, not \(found)")
      trainer.replace(newValue.graph)
      if let compilation = newValue.compiled { trainer.optimizer = compilation.optimizer }
    }
  }

  /// The learning rate of the next step.
  /// - Precondition: no schedule determines the rate when it is set.
  public var learningRate: Double {
    get { trainer.optimizer.learningRate }
    set { trainer.optimizer.learningRate = newValue }
  }

  /// Throws if a schedule determines the learning rate, so that ``learningRate`` cannot be set.
  public func requireSettableLearningRate(_ callback: String) throws {
    guard trainer.optimizer.canSetLearningRate else {
      throw TrainingError.argument(
        name: "the learning rate that \(callback) is to set", value: "a schedule", allowed: "numbers")
    }
  }

  /// The names of each epoch's results, without those that callbacks add.
  public var resultNames: [String] {
    let names = trainer.training.logs.names
    return plan.validation == nil ? names : names + names.map { "val_\($0)" }
  }

  /// Adds a result to the epoch's.
  public mutating func log(_ name: String, _ value: Double) { logs[name] = value }

  /// The number of the last epoch, from 1.
  public var epochCount: Int { plan.epochs.upperBound }
  /// The number of batches in an epoch; `nil` in the first pass over a sequence, whose length is not known.
  public var batchCount: Int? { plan.source.batchCount }

  /// Ends training after this batch.
  /// - Parameter reason: the text for ``History/stopReason`` and the progress display.
  public mutating func stop(_ reason: String) {
    if history.stopReason == nil { history.stopReason = .callback(reason) }
  }

  /// Whether the optimizer computes averages of the weights.
  var keepsAverages: Bool { trainer.optimizer.optimizer.movingAverage != nil }

  /// Whether averages and weights are swapped.
  var showsAverages: Bool {
    get { trainer.showsAverages }
    set { trainer.showsAverages = newValue }
  }

  /// The complete state from which training can resume.
  /// - Parameter within: whether this is within the epoch.
  mutating func backup(within: Bool) -> TrainingBackup<Scalar> {
    let showsAverages = showsAverages
    self.showsAverages = false
    defer { self.showsAverages = showsAverages }
    var history = history
    history.stopReason = nil
    // Callbacks have added results to the epoch's.
    if !within { history.logs[history.logs.count - 1] = logs }
    return TrainingBackup(
      model: model, epoch: within ? epoch : nextEpoch, batch: within ? batch + 1 : 0, epochGenerator: epochGenerator,
      generator: generator, history: history, progress: within ? trainer.training.progress : [])
  }

  /// Resumes from a backup, before the first epoch.
  /// - Returns: false if the backup is that of other losses and metrics.
  mutating func goOn(from backup: TrainingBackup<Scalar>) throws -> Bool {
    model = backup.model
    (generator, epochGenerator, history) = (backup.generator, backup.epochGenerator, backup.history)
    (nextEpoch, batchesDone) = (backup.epoch, backup.batch)
    if nextEpoch < epochCount { try plan.source.goOn(atEpoch: nextEpoch, batch: batchesDone) }
    return backup.progress.isEmpty || trainer.training.restore(backup.progress)
  }

  // MARK: The loop

  mutating func train() throws {
    do {
      try trainEpochs()
    } catch {
      trainer.giveUp(&generator)
      throw error
    }
  }

  private mutating func trainEpochs() throws {
    try notify { try $0.trainingBegan(&$1) }
    while nextEpoch < epochCount && history.stopReason == nil {
      epoch = nextEpoch
      nextEpoch += 1
      batch = 0
      if batchesDone == 0 { trainer.training.reset() }
      report.epochBegins(epoch, batches: plan.source.batchCount)
      if batchesDone == 0 { try notify { try $0.epochBegan(&$1) } }
      try trainEpoch()
      logs = trainer.training.logs
      if let validation = plan.validation, history.stopReason != .cancelled, isValidated(epoch) {
        try notify { try $0.validationBegan(&$1) }
        logs.add(try trainer.evaluate(validation), prefix: "val_")
        try notify { try $0.validationEnded(&$1) }
      }
      history.epochs.append(epoch)
      history.logs.append(logs)
      if history.stopReason != .cancelled { try notify { try $0.epochEnded(&$1) } }
      history.logs[history.logs.count - 1] = logs
      noticeCancellation()
      report.epochEnded(logs, history.stopReason)
    }
    // Callbacks decide last: they may set weights of an earlier epoch, for example.
    trainer.end()
    try notify { try $0.trainingEnded(&$1) }
  }

  private mutating func trainEpoch() throws {
    var index = batchesDone
    batchesDone = 0
    if index == 0 {
      epochGenerator = generator
      plan.source.beginEpoch(using: &generator)
    } else {
      var generator = epochGenerator
      plan.source.beginEpoch(atBatch: index, using: &generator)
    }
    while history.stopReason == nil, try step() {
      batch = index
      try notify { try $0.batchEnded(&$1) }
      report.batchEnded(index, logs)
      noticeCancellation()
      index += 1
    }
  }

  /// Trains on the next batch, if there is one.
  private mutating func step() throws -> Bool {
    var hasBatch = false
    let context = trainer.training.context
    try context.workspace.lend {
      guard let samples = try plan.source.next(context) else { return }
      hasBatch = true
      _ = try trainer.step(samples, using: &generator)
      if !callbacks.isEmpty || report.showsBatches { logs = trainer.training.logs }
    }
    return hasBatch
  }

  private mutating func noticeCancellation() {
    if Task.isCancelled && history.stopReason == nil { history.stopReason = .cancelled }
  }

  private mutating func notify(_ body: (any Callback<Scalar>, inout TrainingRun) throws -> Void) rethrows {
    for callback in callbacks { try body(callback, &self) }
  }

  private func isValidated(_ epoch: Int) -> Bool { (epoch + 1) % plan.validationFrequency == 0 }

  /// Returns the layers to the model.
  mutating func giveBack(to model: inout Model<Scalar>) { trainer.giveBack(to: &model) }
}
