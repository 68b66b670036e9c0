import Tensor

/// The weights of predictions between equally spaced thresholds from 0 to 1, both included.
struct DetectionBuckets<Scalar: RealScalar>: Sendable {
  private let name: String
  private let thresholds: Int
  private let classID: Int?
  /// The weights of predictions above one threshold and not above the next; `nil` before the first batch.
  private var buckets: (positives: Tensor<Double>, negatives: Tensor<Double>)?

  /// - Parameter thresholds: the number of thresholds; at least 2.
  init(name: String, thresholds: Int, classID: Int? = nil) {
    self.name = name
    self.thresholds = thresholds
    self.classID = classID
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let elements = try DetectedElements(prediction, target, weights, Detection(classID: classID), name: name)
    let last = Scalar(thresholds - 1)
    let places = ((elements.prediction.clamped(0...1) * last).ceil() - 1).clamped(0...last).cast(to: Int64.self)
    var (positives, negatives) = buckets.take() ?? (.zeros([thresholds]), .zeros([thresholds]))
    positives.scatterAdd(elements.labels, at: places)
    negatives.scatterAdd(elements.weights - elements.labels, at: places)
    buckets = (positives, negatives)
  }

  var numbers: [Double] { buckets.map { $0.positives.scalars + $0.negatives.scalars } ?? [] }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers.isEmpty || numbers.count == 2 * thresholds else { return false }
    buckets =
      numbers.isEmpty ? nil : (Tensor(Array(numbers[..<thresholds])), Tensor(Array(numbers[thresholds...])))
    return true
  }

  /// The counts at each threshold; `nil` before the first batch.
  var counts: [ConfusionCounts]? {
    guard let (positives, negatives) = buckets else { return nil }
    var points: [ConfusionCounts] = []
    var counts = ConfusionCounts()
    for (found, wrong) in zip(positives.scalars.reversed(), negatives.scalars.reversed()) {
      counts.truePositives += found
      counts.falsePositives += wrong
      points.append(counts)
    }
    points.reverse()
    for index in points.indices {
      points[index].falseNegatives = counts.truePositives - points[index].truePositives
      points[index].trueNegatives = counts.falsePositives - points[index].falsePositives
    }
    return points
  }
}
