public import Tensor

// Training and evaluation on batches that somebody else makes.

extension Model {
  /// Trains the model on batches of a sequence: data that are made, read or changed while training goes on.
  ///
  /// ```swift
  /// let batches = stride(from: 0, to: 1280, by: 64).lazy.map { [images, labels] start in
  ///   Batch(images[start..<start + 64], labels[start..<start + 64])
  /// }
  /// let history = try model.fit(batches, epochs: 3, using: &generator)
  /// ```
  ///
  /// The next batch is made on a thread of its own while one is trained on, in the sequence's order. That thread is gone when this
  /// call returns or throws. Elements may be results, see ``BatchElement``: an error ends training when its batch's turn comes.
  /// - Parameters:
  ///   - batches: all of the same shapes, but for the number of samples. Every epoch has an iterator of its own, that of an
  ///     ``EpochSequence`` for its number.
  ///   - epochs: the number of the last epoch; at least 0.
  ///   - stepsPerEpoch: how many batches make an epoch; see ``TrainingOptions/stepsPerEpoch``.
  ///   - validationData: what the model is judged by after each epoch.
  ///   - initialEpoch: the number of the first epoch, counted from 0.
  ///   - callbacks: what is told how training goes, in this order.
  ///   - progress: what is shown meanwhile.
  ///   - generator: where random numbers come from: first weights, dropout and noise.
  /// - Throws: as on tensors; ``TrainingError/batch(number:problem:)`` for a batch that is not as the first,
  ///   ``TrainingError/batchesEnded(count:expected:)`` where a sequence ends within an epoch, and what elements throw.
  /// - Complexity: memory for three batches besides what training takes.
  @discardableResult
  public mutating func fit<Batches: Sequence>(
    _ batches: sending Batches, epochs: Int = 1, stepsPerEpoch: Int? = nil,
    validationData: ValidationData<Scalar>? = nil, initialEpoch: Int = 0, callbacks: [any Callback<Scalar>] = [],
    progress: TrainingProgress = .automatic, using generator: inout PhiloxGenerator
  ) throws -> History where Batches.Element: BatchElement<Scalar> {
    let options = TrainingOptions<Scalar> {
      $0.epochs = epochs
      $0.stepsPerEpoch = stepsPerEpoch
      $0.validationData = validationData
      $0.initialEpoch = initialEpoch
      $0.callbacks = callbacks
      $0.progress = progress
    }
    return try fit(batches, options: options, using: &generator)
  }

  /// The same with options. Those that are for tensors alone are refused.
  @discardableResult
  public mutating func fit<Batches: Sequence>(
    _ batches: sending Batches, options: TrainingOptions<Scalar>, using generator: inout PhiloxGenerator
  ) throws -> History where Batches.Element: BatchElement<Scalar> {
    guard compiled != nil else { throw TrainingError.notCompiled(model: className) }
    return try fit(TrainingPlan(batches, options), options, using: &generator)
  }

  /// The loss and the metrics of the model in inference on batches of a sequence, each made while the one before is computed on.
  /// - Parameters:
  ///   - batches: all of the same shapes, but for the number of samples.
  ///   - steps: how many of them, at least 1; an endless sequence needs it. Without it, all.
  /// - Throws: as training does.
  public func evaluate<Batches: Sequence>(_ batches: sending Batches, steps: Int? = nil) throws -> Logs
  where Batches.Element: BatchElement<Scalar> {
    try requireSteps(steps, "steps")
    guard compiled != nil else { throw TrainingError.notCompiled(model: className) }
    let feed = BatchFeed(batches, epochs: 0..<1, stepsPerEpoch: steps)
    let source = try SequenceSource(feed, stepsPerEpoch: steps)
    defer { source.end() }
    return try evaluate(EvaluationBatches(source))
  }
}
