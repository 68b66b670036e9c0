public import Tensor

package struct Overlap: Parameterized {
  package let kind: Kind
  package var classes: Int
  /// The classes whose overlap counts, for metrics that choose classes; others count all.
  package var chosen: [Int] = []
  package var ignoredClass: Int?
  /// Whether targets and predictions are class numbers, rather than rows whose largest element is the class.
  package var hasSparseTargets: Bool
  package var hasSparsePredictions: Bool

  package enum Kind: Hashable, Sendable, CaseIterable {
    case iou, oneHotIoU, meanIoU, oneHotMeanIoU

    package var choosesClasses: Bool { self == .iou || self == .oneHotIoU }
    /// Whether targets may be class numbers; predictions are then class numbers too by default.
    package var isSparse: Bool { self == .iou || self == .meanIoU }
  }

  /// - Parameter classes: the default is invalid and must be replaced.
  init(_ kind: Kind, classes: Int = 0) {
    self.kind = kind
    self.classes = classes
    hasSparseTargets = kind.isSparse
    hasSparsePredictions = kind.isSparse
  }

  package static var parameters: [Parameter<Self>] {
    [
      .integer("classes", \.classes, 1...Int.greatestClassCount), .any("chosen", \.chosen),
      .integer("ignoredClass", \.ignoredClass, Int(Int32.min)...Int.greatestCount),
      .any("hasSparseTargets", \.hasSparseTargets), .any("hasSparsePredictions", \.hasSparsePredictions),
    ]
  }

  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    guard let other = chosen.first(where: { $0 < 0 || $0 >= classes }) else { return nil }
    return ParameterMistake(\.chosen, "\(other)") { _ in "0 ..< \(classes)" }
  }
}

/// The mean over classes of the intersection of target and prediction divided by their union.
struct OverlapAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let name: String
  let overlap: Overlap
  /// The confusion matrix, [target, prediction]; `nil` before the first batch.
  private var matrix: Tensor<Double>?

  init(name: String, overlap: Overlap) {
    self.name = name
    self.overlap = overlap
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let found = try classes(prediction, areClasses: overlap.hasSparsePredictions)
    let expected: Tensor<Int64>
    if overlap.hasSparseTargets, case .integers(let integers) = target {
      expected = integers
    } else {
      expected = try classes(target.reals, areClasses: overlap.hasSparseTargets)
    }
    guard found.shape == expected.shape || found.shape == expected.shape + [1] || expected.shape == found.shape + [1]
    else {
      throw .shapes(
        name: name, prediction: prediction.shape, target: target.shape,
        expected: "as many classes in the one as in the other")
    }
    let (y, p) = (expected.reshaped(found.shape), found)
    let w = try weights?.weights(for: found.shape, name: name).cast(to: Double.self) ?? .ones(found.shape)
    let count = Int64(overlap.classes)
    let inRange = (y .>= 0) .& (y .< count) .& (p .>= 0) .& (p .< count)
    let counts = overlap.ignoredClass.map { inRange .& (y .!= Int64($0)) } ?? inRange
    let places = Tensor.where(counts, y * count + p, Tensor(0))
    let shape = [overlap.classes, overlap.classes]
    var sums = matrix.take()?.flattened ?? .zeros([overlap.classes * overlap.classes])
    sums.scatterAdd(Tensor.where(counts, w, Tensor(0)).flattened, at: places.flattened)
    matrix = sums.reshaped(shape)
  }

  private func classes(_ x: Tensor<Scalar>, areClasses: Bool) throws(EvaluationError) -> Tensor<Int64> {
    if areClasses { return Tensor.where(x .== x, x, Tensor(-1)).cast(to: Int64.self) }  // NaN is no class
    guard x.rank >= 2, x.shape.last! > 0 else {
      throw .predictionShape(name: name, found: x.shape, expected: "[batch, …, classes]")
    }
    return x.argMax(axis: -1)
  }

  var numbers: [Double] { matrix?.scalars ?? [] }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers.isEmpty || numbers.count == overlap.classes * overlap.classes else { return false }
    matrix = numbers.isEmpty ? nil : Tensor(numbers).reshaped([overlap.classes, overlap.classes])
    return true
  }

  var results: [Double] {
    guard let matrix else { return [0] }
    let diagonal = matrix.diagonal()
    let either = (matrix.sum(axis: 0) + matrix.sum(axis: 1) - diagonal).scalars
    let common = diagonal.scalars
    let present = (overlap.kind.choosesClasses ? overlap.chosen : Array(0..<overlap.classes)).filter { either[$0] > 0 }
    let sum = present.reduce(0) { $0 + common[$1] / either[$1] }
    return [ratio(sum, Double(present.count))]
  }
}

package struct BinaryOverlap: Parameterized {
  /// The classes whose overlap counts: 0, 1 or both.
  package var chosen = [0, 1]
  /// The least prediction of class 1.
  package var threshold = 0.5

  package static var parameters: [Parameter<Self>] {
    [.any("chosen", \.chosen), .number("threshold", \.threshold)]
  }

  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    guard let other = chosen.first(where: { $0 != 0 && $0 != 1 }) else { return nil }
    return ParameterMistake(\.chosen, "\(other)") { _ in "0 and 1" }
  }
}

/// The overlap of two classes, for predictions on either side of a threshold.
struct BinaryOverlapAccumulator<Scalar: RealScalar>: MetricAccumulator {
  private let threshold: Scalar
  private var classes: OverlapAccumulator<Scalar>

  init(name: String, overlap: BinaryOverlap) {
    threshold = Scalar(overlap.threshold)
    var ofClasses = Overlap(.iou, classes: 2)
    ofClasses.chosen = overlap.chosen
    classes = OverlapAccumulator(name: name, overlap: ofClasses)
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    try classes.update(
      Tensor.where(prediction .>= threshold, Tensor(1), Tensor(0)), target, weights: weights)
  }

  var results: [Double] { classes.results }
  var numbers: [Double] { classes.numbers }
  mutating func restore(_ numbers: [Double]) -> Bool { classes.restore(numbers) }
}

/// Returns the number of predictions of each class for each target class: [target, prediction].
///
/// ```swift
/// let confusion = try confusionMatrix(of: probabilities.argMax(axis: -1), targets: labels, classes: 10)
/// ```
///
/// - Parameter predictions: classes, in the targets' shape.
/// - Parameter targets: the expected classes.
/// - Parameter classes: the number of classes; at least 1.
/// - Throws: ``EvaluationError`` if the shapes differ, or a class is outside 0 ..< `classes`.
/// - Complexity: O(*n* + *classes*²)
public func confusionMatrix(
  of predictions: Tensor<Int64>, targets: Tensor<Int64>, classes: Int
) throws(EvaluationError) -> Tensor<Int64> {
  require(classes >= 1, "a confusion matrix of \(classes) classes: there must be one at least")
  let name = "confusion matrix"
  guard predictions.shape == targets.shape else {
    throw .shapes(
      name: name, prediction: predictions.shape, target: targets.shape, expected: "one shape for both")
  }
  for tensor in [targets, predictions] {
    _ = try AlignedTarget<Float>(
      classes: .integers(tensor), prediction: tensor.shape + [classes], name: name, ignoring: nil)
  }
  var counts = Tensor<Int64>.zeros([classes * classes])
  counts.count(targets * Int64(classes) + predictions)
  return counts.reshaped([classes, classes])
}
