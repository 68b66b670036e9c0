public import Tensor

/// How ``Model/fit(_:_:options:using:)-…`` goes about training.
public struct TrainingOptions<Scalar: RealScalar> {
  /// How many samples a step of the optimizer sees; at least 1.
  public var batchSize = 32
  /// The number of the last epoch; at least 0.
  public var epochs = 1
  /// The number of the first epoch, counted from 0.
  public var initialEpoch = 0
  /// The part of the samples, from the last on, that is kept to judge the model by.
  public var validationSplit = 0.0
  /// What it is judged by instead.
  public var validationData: ValidationData<Scalar>?
  /// After how many epochs it is judged each time; at least 1.
  public var validationFrequency = 1
  /// Whether samples come in a new order in every epoch.
  public var shuffle = true
  /// How much a sample of a class counts, 1 where it is not given.
  public var classWeights: [Int: Double] = [:]
  /// By output, or a single one for all: [samples], how much each counts.
  public var sampleWeights: [Tensor<Scalar>?] = []
  /// How many batches of a sequence make an epoch; without it, all.
  public var stepsPerEpoch: Int?
  /// What is told how training goes, in this order.
  public var callbacks: [any Callback<Scalar>] = []
  /// What is shown meanwhile.
  public var progress = TrainingProgress.automatic

  /// Those of Keras.
  public init() {}

  /// Options as they are asked for: `TrainingOptions { $0.epochs = 20 }`.
  public init(_ change: (inout Self) -> Void) { change(&self) }
}

/// What training is to do, checked.
struct TrainingPlan<Scalar: RealScalar> {
  let samples: Samples<Scalar>
  let validation: Samples<Scalar>?
  let batchSize: Int
  let shuffles: Bool
  let epochs: Range<Int>
  let validationFrequency: Int

  init(_ samples: Samples<Scalar>, _ options: TrainingOptions<Scalar>) throws {
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String) throws {
      guard holds else { throw TrainingError.argument(name: name, value: value.description, allowed: allowed) }
    }
    let split = options.validationSplit
    try require(options.batchSize >= 1, "batchSize", options.batchSize, "integers from 1 on")
    try require((0..<1).contains(split), "validationSplit", split, "numbers from 0 to below 1")
    try require(options.epochs >= 0, "epochs", options.epochs, "integers from 0 on")
    try require(options.initialEpoch >= 0, "initialEpoch", options.initialEpoch, "integers from 0 on")
    try require(
      options.validationFrequency >= 1, "validationFrequency", options.validationFrequency, "integers from 1 on")
    if let data = options.validationData {
      self.samples = try samples.weighted(by: options.classWeights)
      validation = try Samples(
        data.inputs, data.targets.map { $0.target(as: Scalar.self) }, weights: data.sampleWeights)
    } else if split > 0 {
      let kept = Int(Double(samples.count) * (1 - split))
      try require(
        kept > 0 && kept < samples.count, "validationSplit", split,
        "parts of the \(samples.count) samples that leave some on both sides")
      self.samples = try samples[0..<kept].weighted(by: options.classWeights)
      validation = samples[kept..<samples.count]
    } else {
      self.samples = try samples.weighted(by: options.classWeights)
      validation = nil
    }
    batchSize = min(options.batchSize, self.samples.count)
    shuffles = options.shuffle
    epochs = options.initialEpoch..<max(options.epochs, options.initialEpoch)
    validationFrequency = options.validationFrequency
  }

  var batchCount: Int { (samples.count + batchSize - 1) / batchSize }
}
