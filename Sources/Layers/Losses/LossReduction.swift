/// Determines how the values of a loss are combined.
@nonexhaustive
public enum LossReduction: String, Hashable, Sendable, CaseIterable {
  /// Their weighted sum, divided by their number.
  case sumOverBatchSize = "sum_over_batch_size"
  /// Their weighted sum.
  case sum
  /// The same as ``sumOverBatchSize``.
  case mean
  /// Their weighted sum, divided by the sum of the weights.
  case meanWithSampleWeight = "mean_with_sample_weight"
}
