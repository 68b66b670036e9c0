public import Tensor

/// What is to be known about predictions over a whole data set: a description, of which ``makeState()`` makes the running thing.
///
/// ```swift
/// let accuracy: Metric<Float> = "accuracy"
/// var state = accuracy.makeState()
/// for (x, y) in batches { try state.update(network(x), y) }
/// print(accuracy.name, state.result)
/// ```
///
/// Predictions and targets are as those of a ``Loss``, batch by batch. Names are Keras's, as literals or, where they are read at run
/// time, by `init(named:parameters:)` of `KerasFormat`.
public struct Metric<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// What the history calls it: Keras's name, or what it was asked for by.
  public var name: String

  package init(_ rule: Rule, name: String? = nil) {
    self.rule = rule
    self.name = name ?? rule.usualName
  }

  /// This metric under another name.
  public func named(_ name: String) -> Metric { Metric(rule, name: name) }

  /// The metric before the first batch.
  public func makeState() -> MetricState<Scalar> { MetricState(self) }

  /// The metric of one batch.
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

  /// Metrics that are the mean of a value per sample or element.
  package enum MeanRule: Hashable, Sendable {
    case loss(Loss<Scalar>)
    case rootMeanSquaredError
    case cosineSimilarity
    case pearsonCorrelation
    case concordanceCorrelation
    /// One of the accuracies, by the shapes of what it is called on.
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

/// A ``Metric`` over the batches so far.
public struct MetricState<Scalar: RealScalar>: Sendable {
  /// What is computed.
  public let metric: Metric<Scalar>
  private var accumulator: any MetricAccumulator<Scalar>

  init(_ metric: Metric<Scalar>) {
    self.metric = metric
    accumulator = metric.makeAccumulator()
  }

  /// Takes a batch in.
  /// - Parameter prediction: what the network gave, [batch, …].
  /// - Parameter target: what it should have given.
  /// - Parameter sampleWeights: what samples count: [batch], or one per value.
  /// - Throws: ``EvaluationError`` where shapes or labels do not fit; nothing is taken in then.
  public mutating func update(
    _ prediction: Tensor<Scalar>, _ target: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) throws(EvaluationError) {
    try accumulator.update(prediction, Target(target), weights: sampleWeights)
  }

  /// The metric of all batches: 0 before the first. Of several ``results`` it is their mean.
  public var result: Double {
    let results = results
    return results.count == 1 ? results[0] : results.reduce(0, +) / Double(Swift.max(results.count, 1))
  }

  /// One number, or one for each threshold or class.
  public var results: [Double] { accumulator.results }

  /// What the batches so far have left, to go on from.
  var numbers: [Double] { accumulator.numbers }
  mutating func restore(_ numbers: [Double]) -> Bool { accumulator.restore(numbers) }

  /// Forgets all batches.
  public mutating func reset() { accumulator = metric.makeAccumulator() }
}

/// What a metric keeps between batches.
protocol MetricAccumulator<Scalar>: Sendable {
  associatedtype Scalar: RealScalar

  /// Takes a batch in, or throws and stays as it is.
  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError)
  var results: [Double] { get }

  /// All that the batches so far have left.
  var numbers: [Double] { get }
  /// Goes on from these; false for numbers of another metric.
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

/// The quotient; 0 where it is divided by 0.
func ratio(_ numerator: Double, _ denominator: Double) -> Double { denominator == 0 ? 0 : numerator / denominator }
