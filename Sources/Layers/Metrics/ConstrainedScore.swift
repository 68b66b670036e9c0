import Tensor

/// The best value of one score at the thresholds at which another score reaches a minimum.
package struct ConstrainedScore: Parameterized {
  package let kind: Kind
  /// The minimum of the other score.
  package var least: Double
  /// The number of equally spaced thresholds from 0 to 1, both included; 1 means 0.5 only.
  package var thresholds = 200
  /// The column that counts; `nil` for all.
  package var classID: Int?

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case precisionAtRecall = "PrecisionAtRecall"
    case recallAtPrecision = "RecallAtPrecision"
    case sensitivityAtSpecificity = "SensitivityAtSpecificity"
    case specificityAtSensitivity = "SpecificityAtSensitivity"
  }

  /// - Parameter least: the default is invalid and must be replaced.
  init(_ kind: Kind, least: Double = .nan) {
    self.kind = kind
    self.least = least
  }

  package static var parameters: [Parameter<Self>] {
    [
      .number("least", \.least, .closedUnit), .integer("thresholds", \.thresholds, 1...Int.greatestThresholdCount),
      .integer("classID", \.classID, 0...Int.greatestCount),
    ]
  }

  /// The score that must reach the minimum, and the score that is reported.
  fileprivate func scores(_ counts: ConfusionCounts) -> (constrained: Double, reported: Double) {
    let recall = ratio(counts.truePositives, counts.truePositives + counts.falseNegatives)
    switch kind {
    case .precisionAtRecall: return (recall, counts.precision)
    case .recallAtPrecision: return (counts.precision, recall)
    case .sensitivityAtSpecificity: return (counts.specificity, recall)
    case .specificityAtSensitivity: return (recall, counts.specificity)
    }
  }
}

extension ConfusionCounts {
  fileprivate var precision: Double { ratio(truePositives, truePositives + falsePositives) }
  fileprivate var specificity: Double { ratio(trueNegatives, trueNegatives + falsePositives) }
}

struct ConstrainedScoreAccumulator<Scalar: RealScalar>: MetricAccumulator {
  private let score: ConstrainedScore
  private var buckets: DetectionBuckets<Scalar>
  /// Replaces the buckets if there is a single threshold.
  private var single: DetectionAccumulator<Scalar>

  init(name: String, score: ConstrainedScore) {
    self.score = score
    buckets = DetectionBuckets(name: name, thresholds: score.thresholds, classID: score.classID)
    single = DetectionAccumulator(name: name, detection: Detection(classID: score.classID)) { _ in [] }
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    if score.thresholds == 1 {
      try single.update(prediction, target, weights: weights)
    } else {
      try buckets.update(prediction, target, weights)
    }
  }

  var numbers: [Double] { score.thresholds == 1 ? single.numbers : buckets.numbers }

  mutating func restore(_ numbers: [Double]) -> Bool {
    score.thresholds == 1 ? single.restore(numbers) : buckets.restore(numbers)
  }

  var results: [Double] {
    let counts = score.thresholds == 1 ? single.counts : buckets.counts ?? []
    let reported = counts.map(score.scores).filter { $0.constrained >= score.least }.map(\.reported)
    return [reported.max() ?? 0]
  }
}
