public import Tensor

/// The options of a training.
public struct TrainingOptions<Scalar: RealScalar> {
  /// The number of samples in a step of the optimizer; at least 1, and 32 by default. Not for sequences of batches.
  public var batchSize: Int?
  /// The number of the last epoch; at least 0.
  public var epochs = 1
  /// The number of the first epoch, from 0.
  public var initialEpoch = 0
  /// The fraction of the samples, at the end, that is used for validation instead of training. Not for sequences of
  /// batches.
  public var validationSplit = 0.0
  /// The data for validation, instead of ``validationSplit``.
  public var validationData: ValidationData<Scalar>?
  /// The number of epochs between validations; at least 1.
  public var validationFrequency = 1
  /// Whether the order of samples changes in every epoch; true by default. Not for sequences of batches.
  public var shuffle: Bool?
  /// The weight of samples by class; 1 by default. Not for sequences of batches.
  public var classWeights: [Int: Double] = [:]
  /// The sample weights, [samples], one tensor for each output or a single one for all. Not for sequences, whose
  /// batches contain weights.
  public var sampleWeights: [Tensor<Scalar>?] = []
  /// The number of batches in an epoch, at least 1; required for an infinite sequence. The next epoch continues where
  /// the last one ended, with a new iterator if the old one is at its end. Without it, an epoch is one pass over the
  /// sequence. Not for tensors.
  public var stepsPerEpoch: Int?
  /// The callbacks, notified in this order.
  public var callbacks: [any Callback<Scalar>] = []
  /// The progress display.
  public var progress = TrainingProgress.automatic

  /// Creates options with Keras's defaults.
  public init() {}

  /// Creates options that a closure sets: `TrainingOptions { $0.epochs = 20 }`.
  public init(_ change: (inout Self) -> Void) { change(&self) }
}
