public import Tensor

/// How training goes about it.
public struct TrainingOptions<Scalar: RealScalar> {
  /// How many samples a step of the optimizer sees; at least 1, and 32 where nothing is said. Not for sequences of batches.
  public var batchSize: Int?
  /// The number of the last epoch; at least 0.
  public var epochs = 1
  /// The number of the first epoch, counted from 0.
  public var initialEpoch = 0
  /// The part of the samples, from the last on, that is kept to judge the model by. Not for sequences of batches.
  public var validationSplit = 0.0
  /// What it is judged by instead.
  public var validationData: ValidationData<Scalar>?
  /// After how many epochs it is judged each time; at least 1.
  public var validationFrequency = 1
  /// Whether samples come in a new order in every epoch; they do where nothing is said. Not for sequences of batches.
  public var shuffle: Bool?
  /// How much a sample of a class counts, 1 where it is not given. Not for sequences of batches.
  public var classWeights: [Int: Double] = [:]
  /// By output, or a single one for all: [samples], how much each counts. Not for sequences: batches have their own.
  public var sampleWeights: [Tensor<Scalar>?] = []
  /// How many batches of a sequence make an epoch, at least 1; an endless one needs it. The next epoch goes on where this one has
  /// ended, with a new iterator where the old one is at its end. Without it an epoch is one pass. Not for tensors.
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
