internal import Tensor

/// Inputs, targets and sample weights.
struct Samples<Scalar: RealScalar>: Sendable {
  private(set) var inputs: [Tensor<Scalar>]
  let targets: [Target<Scalar>]
  /// The sample weights, one tensor for each output or a single one for all.
  let allWeights: [Tensor<Scalar>?]
  let count: Int

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(_ inputs: [Tensor<Scalar>], _ targets: [Target<Scalar>], weights allWeights: [Tensor<Scalar>?]) throws {
    guard let first = inputs.first, first.rank > 0, first.layout.shape[0] > 0 else {
      throw TrainingError.noSamples(what: "x")
    }
    let count = first.layout.shape[0]
    for (index, input) in inputs.enumerated() where input.rank == 0 || input.layout.shape[0] != count {
      throw TrainingError.sampleCount(
        what: "samples of input \(index)", found: input.shape.first ?? 0, expected: count)
    }
    if let empty = inputs.first(where: { $0.isEmpty }) {
      throw TrainingError.argument(
        name: "the shape of a sample of x", value: "\(Array(empty.shape.dropFirst()))", allowed: "shapes without 0")
    }
    for (index, target) in targets.enumerated() where target.sampleCount != count || target.shape.isEmpty {
      throw TrainingError.sampleCount(
        what: targets.count == 1 ? "rows of y" : "rows of y \(index)", found: target.sampleCount, expected: count)
    }
    for case let weights? in allWeights { try Self.check(weights, count) }
    self.inputs = inputs
    self.targets = targets
    self.allWeights = allWeights
    self.count = count
  }

  private static func check(_ weights: Tensor<Scalar>, _ count: Int) throws {
    if weights.rank == 0 || weights.shape[0] != count {
      throw TrainingError.sampleCount(what: "sample weights", found: weights.shape.first ?? 0, expected: count)
    }
    if !weights.isWithin(0...Scalar.greatestFiniteMagnitude) {
      throw TrainingError.argument(
        name: "a sample weight", value: "negative, nan or infinite", allowed: "finite numbers of at least 0")
    }
  }

  private init(
    inputs: [Tensor<Scalar>], targets: [Target<Scalar>], allWeights: [Tensor<Scalar>?], count: Int
  ) {
    self.inputs = inputs
    self.targets = targets
    self.allWeights = allWeights
    self.count = count
  }

  /// The weights of the samples for an output; `nil` if all are equal.
  func weights(of output: Int) -> Tensor<Scalar>? {
    allWeights.isEmpty ? nil : allWeights.count == 1 ? allWeights[0] : allWeights[output]
  }

  /// The shapes of one sample's inputs.
  var sampleShapes: [[Int]] { inputs.map { Array($0.shape.dropFirst()) } }

  /// Returns a range of samples, as views.
  subscript(range: Range<Int>) -> Samples {
    Samples(
      inputs: inputs.map { $0[range] }, targets: targets.map { $0.rows(range) },
      allWeights: allWeights.map { $0?[range] }, count: range.count)
  }

  /// Returns the samples at positions, in that order.
  func taking(_ positions: Tensor<Int64>) -> Samples {
    Samples(
      inputs: inputs.map { $0.take(positions) }, targets: targets.map { $0.take(rows: positions) },
      allWeights: allWeights.map { $0?.take(positions) }, count: positions.count)
  }

  /// Returns the samples at positions, in that order, with inputs in the context's memory.
  func taking(_ positions: Tensor<Int64>, _ context: Context<Scalar>) -> Samples {
    let inputs = inputs.map { input in
      var batch = context.tensor([positions.count] + input.shape.dropFirst())
      batch.assignRows(of: input, at: positions)
      return batch
    }
    return Samples(
      inputs: inputs, targets: targets.map { $0.take(rows: positions) },
      allWeights: allWeights.map { $0?.take(positions) }, count: positions.count)
  }

  /// Moves the inputs to a computation, so that their memory can be reused.
  mutating func moveInputs(to computation: Computation<Scalar>) {
    for (index, input) in inputs.enumerated() { computation.setInput(index, input) }
    inputs = []
  }

  /// Returns the same samples, weighted by class.
  func weighted(by classWeights: [Int: Double]) throws -> Samples {
    if classWeights.isEmpty { return self }
    for (label, weight) in classWeights where !(weight >= 0 && weight.isFinite) || label < 0 {
      throw TrainingError.argument(
        name: "the weight of class \(label)", value: "\(weight)",
        allowed: "classes of at least 0 and finite weights of at least 0")
    }
    guard targets.count == 1 else {
      throw TrainingError.argument(
        name: "the number of outputs", value: "\(targets.count)", allowed: "1, where classes have weights")
    }
    let target = targets[0]
    let classes: Tensor<Int64>
    switch target {
    case .integers(let labels):
      classes = labels.rank >= 2 && labels.shape.last! > 1 ? labels.argMax(axis: -1) : labels
    case .reals(let values):
      classes =
        values.rank >= 2 && values.shape.last! > 1 ? values.argMax(axis: -1) : values.rounded().cast(to: Int64.self)
    }
    guard classes.count == target.sampleCount else {
      throw TrainingError.argument(
        name: "the number of classes in y", value: "\(classes.count)",
        allowed: "\(target.sampleCount), one for each sample, where classes have weights")
    }
    let ofClasses = Tensor(
      classes.reshaped([target.sampleCount]).scalars.map { Scalar(classWeights[Int($0)] ?? 1) })
    let product = weights(of: 0).map {
      $0 * ofClasses.reshaped([target.sampleCount] + $0.shape.dropFirst().map { _ in 1 })
    }
    return Samples(inputs: inputs, targets: targets, allWeights: [product ?? ofClasses], count: count)
  }
}
