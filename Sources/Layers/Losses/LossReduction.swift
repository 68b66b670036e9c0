import Activations

/// How the values of a loss become one.
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

extension LossReduction {
  /// Of a configuration. Keras 2's "auto" is what it means there; no reduction at all, be it null or "none", gives one loss for
  /// each sample, of which none can be trained.
  init(_ given: Configuration?, owner: String) throws(ConfigurationError) {
    guard let given, given != "auto" else {
      self = .sumOverBatchSize
      return
    }
    guard let word = given.asString, let reduction = LossReduction(rawValue: word) else {
      throw .parameterOutOfRange(
        owner: owner, parameter: "reduction", value: given.description,
        allowed: Self.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = reduction
  }
}
