import Tensor

/// The mean, or sum, of a value per sample or element.
struct MeanAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let rule: Metric<Scalar>.MeanRule
  let name: String
  var isSum = false
  private var sum = 0.0
  private var weight = 0.0

  init(rule: Metric<Scalar>.MeanRule, name: String, isSum: Bool = false) {
    self.rule = rule
    self.name = name
    self.isSum = isSum
  }

  var results: [Double] {
    if isSum { return [sum] }
    let mean = ratio(sum, weight)
    return [rule == .rootMeanSquaredError ? mean.squareRoot() : mean]
  }

  var numbers: [Double] { [sum, weight] }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers.count == 2 else { return false }
    (sum, weight) = (numbers[0], numbers[1])
    return true
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let totals = try totals(prediction, target, weights)
    sum += totals.sum
    weight += totals.weight
  }

  private func totals(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?
  ) throws(EvaluationError) -> (sum: Double, weight: Double) {
    switch rule {
    case .loss(let loss):
      return try loss.totals(prediction, target, weights, name: name)
    case .rootMeanSquaredError:
      return try Loss.meanSquaredError.totals(prediction, target, weights, name: name)
    case .cosineSimilarity:
      let totals = try Loss.cosineSimilarity.totals(prediction, target, weights, name: name)
      return (-totals.sum, totals.weight)
    case .pearsonCorrelation: return try totals(.pearson, prediction, target, weights)
    case .concordanceCorrelation: return try totals(.concordance, prediction, target, weights)
    case .predictions:
      return try Self.totals(prediction.cast(to: Double.self), weights?.weights(for: prediction.shape, name: name))
    default:
      let matches = try matches(prediction, target)
      let weights = try weights?.weights(for: matches.shape, name: name)
      if weights == nil { return (Double(matches.countTrue().scalar), Double(matches.count)) }
      return Self.totals(matches.cast(to: Double.self), weights)
    }
  }

  private func totals(
    _ correlation: Correlation, _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, _ weights: Tensor<Scalar>?
  ) throws(EvaluationError) -> (sum: Double, weight: Double) {
    let (p, y) = try elements(prediction, target)
    let values = correlation.values(p, y)
    return Self.totals(values, try weights?.weights(for: values.shape, name: name))
  }

  private static func totals(
    _ values: Tensor<Double>, _ weights: Tensor<Scalar>?
  ) -> (sum: Double, weight: Double) {
    guard let weights = weights?.cast(to: Double.self) else { return (values.sum().scalar, Double(values.count)) }
    return ((values * weights).sum().scalar, weights.sum().scalar)
  }

  /// Marks the predictions that are right.
  private func matches(
    _ p: Tensor<Scalar>, _ target: Target<Scalar>
  ) throws(EvaluationError) -> Tensor<Bool> {
    switch rule {
    case .equality:
      let (p, y) = try elements(p, target)
      return p .== y
    case .binaryAccuracy(let accuracy):
      let (p, y) = try elements(p, target)
      return Tensor.where(p .> Scalar(accuracy.threshold), Tensor(1), Tensor(0)) .== y
    case .categoricalAccuracy:
      let (p, y) = try rows(p, target)
      return p.argMax(axis: -1) .== y.argMax(axis: -1)
    case .sparseCategoricalAccuracy:
      return p.argMax(axis: -1) .== (try labels(p, target))
    case .topK(let top):
      let (p, y) = try rows(p, target)
      return isAmongTop(top.k, p, y.argMax(axis: -1))
    case .sparseTopK(let top):
      return isAmongTop(top.k, p, try labels(p, target))
    default:
      let loss = Loss<Scalar>.crossentropy.resolved(prediction: p.shape, target: target)
      let resolved: Metric<Scalar>.MeanRule =
        switch loss.rule {
        case .binaryCrossentropy: .binaryAccuracy(BinaryAccuracy())
        case .sparseCategoricalCrossentropy: .sparseCategoricalAccuracy
        default: .categoricalAccuracy
        }
      return try Self(rule: resolved, name: name).matches(p, target)
    }
  }

  /// Whether fewer than k elements of a row exceed that of the label.
  private func isAmongTop(_ k: Int, _ p: Tensor<Scalar>, _ labels: Tensor<Int64>) -> Tensor<Bool> {
    let own = p.takeAlong(labels.expanded(axis: -1), axis: -1)
    let larger = (p .> own).countTrue(axis: -1)
    return (larger .< Int64(k)) .& own.isFinite.reshaped(larger.shape)
  }

  private func elements(
    _ p: Tensor<Scalar>, _ target: Target<Scalar>
  ) throws(EvaluationError) -> (Tensor<Scalar>, Tensor<Scalar>) {
    let aligned = try AlignedTarget(values: target, prediction: p.shape, name: name)
    guard case .values(let y) = aligned.numbers else { trap("\(name): values are expected") }
    return (p.reshaped(aligned.shape), y)
  }

  private func rows(
    _ p: Tensor<Scalar>, _ target: Target<Scalar>
  ) throws(EvaluationError) -> (Tensor<Scalar>, Tensor<Scalar>) {
    try requireClasses(p)
    return try elements(p, target)
  }

  private func labels(_ p: Tensor<Scalar>, _ target: Target<Scalar>) throws(EvaluationError) -> Tensor<Int64> {
    try requireClasses(p)
    let aligned = try AlignedTarget(classes: target, prediction: p.shape, name: name, ignoring: nil)
    guard case .classes(let labels, _) = aligned.numbers else { trap("\(name): classes are expected") }
    return labels
  }

  private func requireClasses(_ p: Tensor<Scalar>) throws(EvaluationError) {
    guard p.rank >= 2, p.shape.last! > 0 else {
      throw .predictionShape(name: name, found: p.shape, expected: "[batch, …, classes], with one class at least")
    }
  }
}
