import Tensor

/// The four combinations of a decision and the truth.
package enum ConfusionCount: String, Hashable, Sendable, CaseIterable {
  case truePositives = "TruePositives"
  case trueNegatives = "TrueNegatives"
  case falsePositives = "FalsePositives"
  case falseNegatives = "FalseNegatives"
}

struct ConfusionCounts: Hashable, Sendable {
  var truePositives = 0.0
  var trueNegatives = 0.0
  var falsePositives = 0.0
  var falseNegatives = 0.0

  subscript(count: ConfusionCount) -> Double {
    switch count {
    case .truePositives: truePositives
    case .trueNegatives: trueNegatives
    case .falsePositives: falsePositives
    case .falseNegatives: falseNegatives
    }
  }
}

extension [ConfusionCounts] {
  var numbers: [Double] {
    flatMap { [$0.truePositives, $0.trueNegatives, $0.falsePositives, $0.falseNegatives] }
  }

  init?(_ numbers: [Double]) {
    guard numbers.count % 4 == 0 else { return nil }
    self = stride(from: 0, to: numbers.count, by: 4).map { place in
      ConfusionCounts(
        truePositives: numbers[place], trueNegatives: numbers[place + 1], falsePositives: numbers[place + 2],
        falseNegatives: numbers[place + 3])
    }
  }
}

/// Counts of decisions at each threshold.
struct DetectionAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let name: String
  let detection: Detection
  let result: @Sendable (ConfusionCounts) -> [Double]
  private(set) var counts: [ConfusionCounts]

  init(name: String, detection: Detection, result: @escaping @Sendable (ConfusionCounts) -> [Double]) {
    self.name = name
    self.detection = detection
    self.result = result
    counts = [ConfusionCounts](repeating: ConfusionCounts(), count: detection.comparedThresholds.count)
  }

  var results: [Double] { counts.flatMap(result) }
  var numbers: [Double] { counts.numbers }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard let counts = [ConfusionCounts](numbers), counts.count == self.counts.count else { return false }
    self.counts = counts
    return true
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let elements = try DetectedElements(prediction, target, weights, detection, name: name)
    let positives = elements.labels.sum().scalar
    let all = elements.weights.sum().scalar
    for (index, threshold) in detection.comparedThresholds.enumerated() {
      let chosen = elements.prediction .> Scalar(threshold)
      let found = Tensor.where(chosen, elements.weights, Tensor(0)).sum().scalar
      let right = Tensor.where(chosen, elements.labels, Tensor(0)).sum().scalar
      counts[index].truePositives += right
      counts[index].falsePositives += found - right
      counts[index].falseNegatives += positives - right
      counts[index].trueNegatives += all - positives - (found - right)
    }
  }
}

/// Predictions, the weights of each, and the weights of those whose target is true, concatenated.
struct DetectedElements<Scalar: RealScalar> {
  let prediction: Tensor<Scalar>
  let weights: Tensor<Double>
  let labels: Tensor<Double>

  init(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?, _ detection: Detection,
    name: String
  ) throws(EvaluationError) {
    let aligned = try AlignedTarget(values: target, prediction: prediction.shape, name: name)
    guard case .values(var y) = aligned.numbers else { trap("\(name): values are expected") }
    var p = prediction.reshaped(aligned.shape)
    var w = try weights?.weights(for: p.shape, name: name) ?? .ones(p.shape)
    if let k = detection.topK {
      guard p.shape.last! >= k else {
        throw .predictionShape(name: name, found: prediction.shape, expected: "[batch, …, \(k) or more]")
      }
      let chosen = p.topK(k).indices.marked(p.shape.last!, of: Int64.self).sum(axis: -2)
      p = Tensor.where(chosen .> 0, p, Tensor(-.infinity))
    }
    if let column = detection.classID {
      guard column < p.shape.last! else {
        throw .predictionShape(name: name, found: prediction.shape, expected: "[batch, …, \(column + 1) or more]")
      }
      let only = Tensor<Int64>([Int64(column)])
      (p, y, w) = (p.take(only, axis: -1), y.take(only, axis: -1), w.take(only, axis: -1))
    }
    self.prediction = p.flattened
    self.weights = w.cast(to: Double.self).flattened
    labels = Tensor.where(y.flattened .!= 0, self.weights, Tensor(0))
  }
}
