import Activations
import Tensor

/// The two quantities of a detection curve.
public enum DetectionCurve: String, Hashable, Sendable, CaseIterable {
  /// The true positive rate against the false positive rate.
  case roc = "ROC"
  /// Precision against recall.
  case precisionRecall = "PR"
}

/// Determines the area between two points of a curve.
public enum CurveSummation: String, Hashable, Sendable, CaseIterable {
  /// The area under the straight line between them; for precision and recall, under the curve along which true
  /// positives grow linearly.
  case interpolation
  /// The area at the smaller height.
  case minoring
  /// The area at the larger height.
  case majoring
}

package struct AreaUnderCurve: Parameterized {
  package var curve = DetectionCurve.roc
  package var thresholds = 200
  package var summation = CurveSummation.interpolation
  package var fromLogits = false

  package static var parameters: [Parameter<Self>] {
    [
      .any("curve", \.curve), .integer("thresholds", \.thresholds, 2...Int.greatestThresholdCount),
      .any("summation", \.summation), .any("fromLogits", \.fromLogits),
    ]
  }
}

/// The area under a curve at equally spaced thresholds from 0 to 1, both included.
struct CurveAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let curve: AreaUnderCurve
  private var buckets: DetectionBuckets<Scalar>

  init(name: String, curve: AreaUnderCurve) {
    self.curve = curve
    buckets = DetectionBuckets(name: name, thresholds: curve.thresholds)
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    try buckets.update(curve.fromLogits ? sigmoid(prediction) : prediction, target, weights)
  }

  var numbers: [Double] { buckets.numbers }
  mutating func restore(_ numbers: [Double]) -> Bool { buckets.restore(numbers) }

  var results: [Double] {
    guard let points = buckets.counts else { return [0] }
    let pairs = zip(points, points.dropFirst())
    if curve.curve == .precisionRecall && curve.summation == .interpolation {
      return [pairs.reduce(0) { $0 + interpolated($1.0, $1.1) }]
    }
    return [
      pairs.reduce(0) { area, pair in
        let (first, second) = (coordinates(pair.0), coordinates(pair.1))
        let height =
          switch curve.summation {
          case .interpolation: (first.y + second.y) / 2
          case .minoring: min(first.y, second.y)
          case .majoring: max(first.y, second.y)
          }
        return area + (first.x - second.x) * height
      }
    ]
  }

  private func coordinates(_ counts: ConfusionCounts) -> (x: Double, y: Double) {
    let recall = ratio(counts.truePositives, counts.truePositives + counts.falseNegatives)
    switch curve.curve {
    case .roc: return (ratio(counts.falsePositives, counts.falsePositives + counts.trueNegatives), recall)
    case .precisionRecall:
      return (recall, ratio(counts.truePositives, counts.truePositives + counts.falsePositives))
    }
  }

  /// Source: Davis, Goadrich, "The relationship between precision-recall and ROC curves", 2006.
  private func interpolated(_ first: ConfusionCounts, _ second: ConfusionCounts) -> Double {
    let (p, q) = (first.truePositives + first.falsePositives, second.truePositives + second.falsePositives)
    let gained = first.truePositives - second.truePositives
    let slope = ratio(gained, max(p - q, 0))
    let intercept = second.truePositives - slope * q
    let growth = p > 0 && q > 0 ? logarithm(p / q) : 0
    return ratio(slope * (gained + intercept * growth), second.truePositives + second.falseNegatives)
  }
}

private func logarithm(_ x: Double) -> Double { Tensor(x).log().scalar }
