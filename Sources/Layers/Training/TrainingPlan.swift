internal import Tensor

/// A checked plan of the training.
struct TrainingPlan<Scalar: RealScalar> {
  let source: any SampleSource<Scalar>
  /// The samples with which the model and its losses are checked.
  let first: Samples<Scalar>
  let validation: EvaluationBatches<Scalar>?
  let epochs: Range<Int>
  let validationFrequency: Int

  /// Creates a plan for samples in memory.
  init(_ samples: Samples<Scalar>, _ options: TrainingOptions<Scalar>) throws {
    epochs = try options.epochRange
    validationFrequency = try options.checkedValidationFrequency
    let (size, split) = (options.batchSize ?? 32, options.validationSplit)
    try requireArgument(size >= 1, "batchSize", size, "integers of at least 1")
    try requireArgument((0..<1).contains(split), "validationSplit", split, "numbers of at least 0 and below 1")
    if options.stepsPerEpoch != nil { throw TrainingError.notForTensors(option: "stepsPerEpoch") }
    var kept = samples.count
    if options.validationData == nil && split > 0 {
      kept = Int(Double(samples.count) * (1 - split))
      try requireArgument(
        kept > 0 && kept < samples.count, "validationSplit", split,
        "parts of the \(samples.count) samples that leave some on both sides")
    }
    first = try (kept < samples.count ? samples[0..<kept] : samples).weighted(by: options.classWeights)
    let batchSize = min(size, kept)
    source = MemorySource(first, batchSize: batchSize, shuffles: options.shuffle ?? true)
    validation =
      kept < samples.count
      ? EvaluationBatches(samples[kept..<samples.count], batchSize: batchSize)
      : try options.validationData?.batches(ofSize: batchSize)
  }

  /// Creates a plan for a sequence of batches. The source keeps the batches already drawn and must be ended.
  init<Batches: Sequence>(_ batches: sending Batches, _ options: TrainingOptions<Scalar>) throws
  where Batches.Element: BatchElement<Scalar> {
    epochs = try options.epochRange
    validationFrequency = try options.checkedValidationFrequency
    try options.requireForSequences()
    try requireSteps(options.stepsPerEpoch, "stepsPerEpoch")
    let drawn = epochs.isEmpty ? epochs.lowerBound..<epochs.lowerBound + 1 : epochs
    let feed = BatchFeed(batches, epochs: drawn, stepsPerEpoch: options.stepsPerEpoch)
    let source = try SequenceSource(feed, stepsPerEpoch: options.stepsPerEpoch)
    (self.source, first) = (source, source.first)
    do {
      validation = try options.validationData?.batches(ofSize: first.count)
    } catch {
      source.end()
      throw error
    }
  }
}

extension TrainingOptions {
  fileprivate var epochRange: Range<Int> {
    get throws {
      try requireArgument(epochs >= 0, "epochs", epochs, "integers of at least 0")
      try requireArgument(
        initialEpoch >= 0 && initialEpoch < .max, "initialEpoch", initialEpoch, "integers of at least 0")
      return initialEpoch..<max(epochs, initialEpoch)
    }
  }

  fileprivate var checkedValidationFrequency: Int {
    get throws {
      try requireArgument(
        validationFrequency >= 1, "validationFrequency", validationFrequency, "integers of at least 1")
      return validationFrequency
    }
  }

  fileprivate func requireForSequences() throws {
    let ofTensors = [
      ("batchSize", batchSize != nil), ("shuffle", shuffle != nil), ("validationSplit", validationSplit != 0),
      ("classWeights", !classWeights.isEmpty), ("sampleWeights", sampleWeights.contains { $0 != nil }),
    ]
    for (name, isSet) in ofTensors where isSet { throw TrainingError.notForSequences(option: name) }
  }
}

func requireArgument(
  _ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String
) throws(TrainingError) {
  guard holds else { throw TrainingError.argument(name: name, value: value.description, allowed: allowed) }
}

func requireSteps(_ steps: Int?, _ name: String) throws(TrainingError) {
  if let steps { try requireArgument(steps >= 1, name, steps, "integers of at least 1") }
}
