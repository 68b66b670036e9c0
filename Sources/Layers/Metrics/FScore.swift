import Tensor

/// Determines how the scores of classes are combined.
public enum ClassAverage: String, Hashable, Sendable, CaseIterable {
  /// The score of the counts summed over the classes.
  case micro
  /// The mean.
  case macro
  /// The mean weighted by the frequency of each class.
  case weighted
}

package struct F1Score: Parameterized {
  /// `nil` for a score per class.
  package var average: ClassAverage?
  /// The threshold that positive predictions exceed; `nil` for the largest element of each row.
  package var threshold: Double?

  package static var parameters: [Parameter<Self>] {
    [.any("average", \.average), .number("threshold", \.threshold, .closedUnit)]
  }
}

package struct FBetaScore: Parameterized {
  /// The weight of recall relative to precision.
  package var beta = 1.0
  package var average: ClassAverage?
  package var threshold: Double?

  package static var parameters: [Parameter<Self>] {
    [
      .number("beta", \.beta, .positive), .any("average", \.average),
      .number("threshold", \.threshold, .closedUnit),
    ]
  }
}

/// The weighted harmonic mean of precision and recall.
struct FScoreAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let name: String
  let beta: Double
  let average: ClassAverage?
  let threshold: Double?
  private var counts: [ConfusionCounts] = []

  init(name: String, beta: Double, _ average: ClassAverage?, threshold: Double?) {
    self.name = name
    self.beta = beta
    self.average = average
    self.threshold = threshold
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let aligned = try AlignedTarget(values: target, prediction: prediction.shape, name: name)
    guard aligned.shape.count == 2, counts.isEmpty || counts.count == aligned.columns,
      case .values(let y) = aligned.numbers
    else {
      let expected = counts.isEmpty ? "[batch, classes]" : "[batch, \(counts.count)]"
      throw .predictionShape(name: name, found: prediction.shape, expected: expected)
    }
    let weights = try weights?.weights(for: aligned.shape, name: name).cast(to: Double.self) ?? .ones(aligned.shape)
    let p = prediction.reshaped(aligned.shape)
    let chosen =
      if let threshold {
        p .> Scalar(threshold)
      } else {
        (p .== p.max(axis: -1, keepDimensions: true)) .& (p.absolute() .> 1e-9)
      }
    let truth = y.cast(to: Double.self) * weights
    let found = Tensor.where(chosen, truth, Tensor(0)).sum(axis: 0).scalars
    let taken = Tensor.where(chosen, weights, Tensor(0)).sum(axis: 0).scalars
    let present = truth.sum(axis: 0).scalars
    if counts.isEmpty { counts = [ConfusionCounts](repeating: ConfusionCounts(), count: aligned.columns) }
    for index in counts.indices {
      counts[index].truePositives += found[index]
      counts[index].falsePositives += taken[index] - found[index]
      counts[index].falseNegatives += present[index] - found[index]
    }
  }

  var numbers: [Double] { counts.numbers }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard let counts = [ConfusionCounts](numbers) else { return false }
    self.counts = counts
    return true
  }

  var results: [Double] {
    if counts.isEmpty { return [0] }
    let scores = counts.map(value)
    switch average {
    case nil: return scores
    case .macro: return [scores.reduce(0, +) / Double(scores.count)]
    case .micro:
      var all = ConfusionCounts()
      for count in counts {
        all.truePositives += count.truePositives
        all.falsePositives += count.falsePositives
        all.falseNegatives += count.falseNegatives
      }
      return [value(all)]
    case .weighted:
      let present = counts.map { $0.truePositives + $0.falseNegatives }
      let sum = zip(scores, present).reduce(0) { $0 + $1.0 * $1.1 }
      return [ratio(sum, present.reduce(0, +))]
    }
  }

  private func value(_ counts: ConfusionCounts) -> Double {
    let square = beta * beta
    let weighted = (1 + square) * counts.truePositives
    return ratio(weighted, weighted + square * counts.falseNegatives + counts.falsePositives)
  }
}
