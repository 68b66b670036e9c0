public import Tensor

// Training and evaluation on sequences of batches.

extension Model {
  /// Trains the model on a sequence of batches: data that are generated, read or changed during training.
  ///
  /// ```swift
  /// let batches = stride(from: 0, to: 1280, by: 64).lazy.map { [images, labels] start in
  ///   Batch(images[start..<start + 64], labels[start..<start + 64])
  /// }
  /// let history = try model.fit(batches, epochs: 3, using: &generator)
  /// ```
  ///
  /// The next batch is prepared on another thread during the current training step, in the sequence's order. That
  /// thread ends before this call returns or throws. Elements may be results (see ``BatchElement``): an error ends
  /// training when its batch is reached.
  /// - Parameters:
  ///   - batches: batches with samples of the same shapes. Every epoch uses a new iterator; that of an
  ///     ``EpochSequence`` depends on the epoch's number.
  ///   - epochs: the number of the last epoch; at least 0.
  ///   - stepsPerEpoch: the number of batches in an epoch; see ``TrainingOptions/stepsPerEpoch``.
  ///   - validationData: the data on which the model is evaluated after each epoch.
  ///   - initialEpoch: the number of the first epoch, from 0.
  ///   - callbacks: the callbacks, notified in this order.
  ///   - progress: the progress display.
  ///   - generator: the source of random numbers for initial weights, dropout and noise.
  /// - Throws: the errors of training on tensors; ``TrainingError/batch(number:problem:)`` for a batch that differs in
  ///   form from the first, ``TrainingError/batchesEnded(count:expected:)`` if a sequence ends within an epoch, and the
  ///   errors of elements.
  /// - Complexity: memory for three batches in addition to that of training.
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

  /// Trains on a sequence with options. Options for tensors are rejected.
  @discardableResult
  public mutating func fit<Batches: Sequence>(
    _ batches: sending Batches, options: TrainingOptions<Scalar>, using generator: inout PhiloxGenerator
  ) throws -> History where Batches.Element: BatchElement<Scalar> {
    guard compiled != nil else { throw TrainingError.notCompiled(model: className) }
    return try fit(TrainingPlan(batches, options), options, using: &generator)
  }

  /// Returns the loss and the metrics of the model in inference on a sequence of batches. The next batch is prepared
  /// during the computation of the current one.
  /// - Parameters:
  ///   - batches: batches with samples of the same shapes.
  ///   - steps: the number of batches, at least 1; required for an infinite sequence. Without it, all batches are used.
  /// - Throws: the errors of training.
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
