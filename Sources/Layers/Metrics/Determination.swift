import Tensor

/// Determines how the scores of outputs are combined.
public enum OutputAverage: String, Hashable, Sendable, CaseIterable {
  /// The mean.
  case uniform = "uniform_average"
  /// The mean weighted by the variance of the targets.
  case varianceWeighted = "variance_weighted_average"
}

package struct Determination: Parameterized {
  /// `nil` for a score per output.
  package var average: OutputAverage? = .uniform
  /// The number of regressors for which the score is adjusted; 0 for none.
  package var regressors = 0

  package static var parameters: [Parameter<Self>] {
    [.any("average", \.average), .integer("regressors", \.regressors, 0...Int.greatestCount)]
  }
}

/// 1 - the squared errors / the squared deviations of the targets from their mean.
struct DeterminationAccumulator<Scalar: RealScalar>: MetricAccumulator {
  let name: String
  let determination: Determination
  private var outputs: [Output] = []
  private var elements = 0

  fileprivate struct Output {
    var weight = 0.0
    var mean = 0.0
    var deviations = 0.0
    var errors = 0.0
  }

  init(name: String, determination: Determination) {
    self.name = name
    self.determination = determination
  }

  mutating func update(
    _ prediction: Tensor<Scalar>, _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws(EvaluationError) {
    let aligned = try AlignedTarget(values: target, prediction: prediction.shape, name: name)
    guard aligned.shape.count == 2, outputs.isEmpty || outputs.count == aligned.columns,
      case .values(let target) = aligned.numbers
    else {
      let expected = outputs.isEmpty ? "[batch, outputs]" : "[batch, \(outputs.count)]"
      throw .predictionShape(name: name, found: prediction.shape, expected: expected)
    }
    let w = try weights?.weights(for: aligned.shape, name: name).cast(to: Double.self) ?? .ones(aligned.shape)
    let y = target.cast(to: Double.self)
    let error = prediction.reshaped(aligned.shape).cast(to: Double.self) - y
    let weight = w.sum(axis: 0)
    let mean = (y * w).sum(axis: 0) / Tensor.where(weight .== 0, Tensor(1), weight)
    let deviation = y - mean
    let (weightOf, meanOf) = (weight.scalars, mean.scalars)
    let deviations = (deviation * deviation * w).sum(axis: 0).scalars
    let errors = (error * error * w).sum(axis: 0).scalars
    if outputs.isEmpty { outputs = [Output](repeating: Output(), count: aligned.columns) }
    elements += y.count
    for index in outputs.indices where weightOf[index] != 0 {
      outputs[index].add(weightOf[index], meanOf[index], deviations[index])
      outputs[index].errors += errors[index]
    }
  }

  var numbers: [Double] {
    [Double(elements)] + outputs.flatMap { [$0.weight, $0.mean, $0.deviations, $0.errors] }
  }

  mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers.count % 4 == 1, let count = Int(exactly: numbers[0]) else { return false }
    elements = count
    outputs = stride(from: 1, to: numbers.count, by: 4).map { place in
      Output(
        weight: numbers[place], mean: numbers[place + 1], deviations: numbers[place + 2], errors: numbers[place + 3])
    }
    return true
  }

  var results: [Double] {
    if outputs.isEmpty { return [0] }
    let scores = outputs.map { output in
      let score = 1 - output.errors / output.deviations
      return score.isInfinite ? 0 : score
    }
    switch determination.average {
    case nil: return scores.map(adjusted)
    case .uniform: return [adjusted(scores.reduce(0, +) / Double(scores.count))]
    case .varianceWeighted:
      let sum = zip(scores, outputs).reduce(0) { $0 + $1.0 * $1.1.deviations }
      return [adjusted(sum / outputs.reduce(0) { $0 + $1.deviations })]
    }
  }

  private func adjusted(_ score: Double) -> Double {
    let left = elements - determination.regressors - 1
    guard determination.regressors > 0, left > 0 else { return score }
    return 1 - (1 - score) * Double(elements - 1) / Double(left)
  }
}

extension DeterminationAccumulator.Output {
  /// Combines the deviations of two sets from their means into those from the common mean.
  fileprivate mutating func add(_ weight: Double, _ mean: Double, _ deviations: Double) {
    let total = self.weight + weight
    let distance = mean - self.mean
    self.deviations += deviations + distance * distance * self.weight * weight / total
    self.mean += distance * weight / total
    self.weight = total
  }
}
