public import Tensor

/// Describes a measure of predictions over a whole data set; ``makeState()`` creates its running state.
///
/// ```swift
/// let accuracy: Metric<Float> = "accuracy"
/// var state = accuracy.makeState()
/// for (x, y) in batches { try state.update(network(x), y) }
/// print(accuracy.name, state.result)
/// ```
///
/// Predictions and targets are those of a ``Loss``, batch by batch. Names are Keras's. They can be literals; for a name
/// read at run time, use `init(named:parameters:)` of `KerasFormat`.
public struct Metric<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// The name in the history: Keras's name, or the one by which the metric was requested.
  public var name: String

  package init(_ rule: Rule, name: String? = nil) {
    self.rule = rule
    self.name = name ?? rule.usualName
  }

  /// Returns this metric under another name.
  public func named(_ name: String) -> Metric { Metric(rule, name: name) }

  /// Creates the metric's state before the first batch.
  public func makeState() -> MetricState<Scalar> { MetricState(self) }

  /// Returns the metric of one batch.
  /// - Throws: ``EvaluationError``.
  public func callAsFunction(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) throws(EvaluationError) -> Double {
    var state = makeState()
    try state.update(prediction, target, sampleWeights: sampleWeights)
    return state.result
  }

  package enum Rule: Hashable, Sendable {
    case mean(MeanRule)
    case sum
    case count(ConfusionCounter)
    case precision(Detection)
    case recall(Detection)
    case f1(F1Score)
    case fBeta(FBetaScore)
    case areaUnderCurve(AreaUnderCurve)
    case r2(Determination)
    case overlap(Overlap)
    case binaryOverlap(BinaryOverlap)
    case constrained(ConstrainedScore)
  }

  /// Metrics that are means of a value per sample or element.
  package enum MeanRule: Hashable, Sendable {
    case loss(Loss<Scalar>)
    case rootMeanSquaredError
    case cosineSimilarity
    case pearsonCorrelation
    case concordanceCorrelation
    /// One of the accuracies, chosen by the shapes of prediction and target.
    case accuracy
    case equality
    case binaryAccuracy(BinaryAccuracy)
    case categoricalAccuracy
    case sparseCategoricalAccuracy
    case topK(TopK)
    case sparseTopK(TopK)
    case predictions
  }
}

/// The state of a ``Metric`` over the batches so far.
public struct MetricState<Scalar: RealScalar>: Sendable {
  /// The metric.
  public let metric: Metric<Scalar>
  private var accumulator: any MetricAccumulator<Scalar>

  init(_ metric: Metric<Scalar>) {
    self.metric = metric
    accumulator = metric.makeAccumulator()
  }

  /// Adds a batch.
  /// - Parameter prediction: the network's output, [batch, …].
  /// - Parameter target: the expected output.
  /// - Parameter sampleWeights: the weights of the samples: [batch], or one per value.
  /// - Throws: ``EvaluationError`` if shapes are incompatible or labels are invalid; the batch is not added.
  public mutating func update(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) throws(EvaluationError) {
    try accumulator.update(prediction, Target(target), weights: sampleWeights)
  }

  /// The metric of all batches; 0 before the first. If there are several ``results``, it is their mean.
  public var result: Double {
    let results = results
    return results.count == 1 ? results[0] : results.reduce(0, +) / Double(Swift.max(results.count, 1))
  }

  /// One number, or one for each threshold or class.
  public var results: [Double] { accumulator.results }

  /// The accumulated numbers, from which to resume.
  var numbers: [Double] { accumulator.numbers }
  mutating func restore(_ numbers: [Double]) -> Bool { accumulator.restore(numbers) }

  /// Removes all batches.
  public mutating func reset() { accumulator = metric.makeAccumulator() }
}

/// The data that a metric keeps between batches.
protocol MetricAccumulator<Scalar>: Sendable {
  associatedtype Scalar: RealScalar

  /// Adds a batch, or throws without a change.
  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError)
  var results: [Double] { get }

  /// The accumulated numbers.
  var numbers: [Double] { get }
  /// Restores these numbers; false if they are another metric's.
  mutating func restore(_ numbers: [Double]) -> Bool
}

extension Metric {
  fileprivate func makeAccumulator() -> any MetricAccumulator<Scalar> {
    switch rule {
    case .mean(let mean): MeanAccumulator(rule: mean, name: name)
    case .sum: MeanAccumulator(rule: .predictions, name: name, isSum: true)
    case .count(let counter):
      DetectionAccumulator(name: name, detection: Detection(thresholds: counter.thresholds)) { [$0[counter.count]] }
    case .precision(let detection):
      DetectionAccumulator(name: name, detection: detection) {
        [ratio($0.truePositives, $0.truePositives + $0.falsePositives)]
      }
    case .recall(let detection):
      DetectionAccumulator(name: name, detection: detection) {
        [ratio($0.truePositives, $0.truePositives + $0.falseNegatives)]
      }
    case .f1(let score): FScoreAccumulator(name: name, beta: 1, score.average, threshold: score.threshold)
    case .fBeta(let score): FScoreAccumulator(name: name, beta: score.beta, score.average, threshold: score.threshold)
    case .areaUnderCurve(let curve): CurveAccumulator(name: name, curve: curve)
    case .r2(let determination): DeterminationAccumulator(name: name, determination: determination)
    case .overlap(let overlap): OverlapAccumulator(name: name, overlap: overlap)
    case .binaryOverlap(let overlap): BinaryOverlapAccumulator(name: name, overlap: overlap)
    case .constrained(let score): ConstrainedScoreAccumulator(name: name, score: score)
    }
  }
}

/// The quotient; 0 if the denominator is 0.
func ratio(_ numerator: Double, _ denominator: Double) -> Double { denominator == 0 ? 0 : numerator / denominator }
