internal import Tensor

/// Inputs, what is to be predicted for them, and how much each counts.
struct Samples<Scalar: RealScalar>: Sendable {
  private(set) var inputs: [Tensor<Scalar>]
  let target: Target<Scalar>
  let weights: Tensor<Scalar>?

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  init(
    _ inputs: [Tensor<Scalar>], _ target: Target<Scalar>, weights: Tensor<Scalar>?
  ) throws {
    guard let first = inputs.first, first.rank > 0 else { throw TrainingError.noSamples(what: "x") }
    let count = first.shape[0]
    guard count > 0 else { throw TrainingError.noSamples(what: "x") }
    for (index, input) in inputs.enumerated() where input.rank == 0 || input.shape[0] != count {
      throw TrainingError.sampleCount(
        what: "samples of input \(index)", found: input.shape.first ?? 0, expected: count)
    }
    if let empty = inputs.first(where: \.isEmpty) {
      throw TrainingError.argument(
        name: "the shape of a sample of x", value: "\(Array(empty.shape.dropFirst()))", allowed: "shapes without 0")
    }
    guard !target.shape.isEmpty, target.sampleCount == count else {
      throw TrainingError.sampleCount(what: "rows of y", found: target.sampleCount, expected: count)
    }
    if let weights, weights.rank == 0 || weights.shape[0] != count {
      throw TrainingError.sampleCount(what: "sample weights", found: weights.shape.first ?? 0, expected: count)
    }
    if let weights, !(weights .>= 0).all().scalar || !weights.isFinite.all().scalar {
      throw TrainingError.argument(
        name: "a sample weight", value: "negative, nan or infinite", allowed: "finite numbers from 0 on")
    }
    self.inputs = inputs
    self.target = target
    self.weights = weights
  }

  private init(inputs: [Tensor<Scalar>], target: Target<Scalar>, weights: Tensor<Scalar>?) {
    self.inputs = inputs
    self.target = target
    self.weights = weights
  }

  var count: Int { inputs[0].shape[0] }

  /// The shapes of one sample's inputs.
  var sampleShapes: [[Int]] { inputs.map { Array($0.shape.dropFirst()) } }

  /// Some of them, as views.
  subscript(range: Range<Int>) -> Samples {
    Samples(inputs: inputs.map { $0[range] }, target: target.rows(range), weights: weights?[range])
  }

  /// Some of them in another order, inputs in the pass's memory.
  func taking(_ positions: Tensor<Int64>, _ pass: Pass<Scalar>) -> Samples {
    let inputs = inputs.map { input in
      var batch = pass.tensor([positions.count] + input.shape.dropFirst())
      batch.assignRows(of: input, at: positions)
      return batch
    }
    return Samples(inputs: inputs, target: target.take(rows: positions), weights: weights?.take(positions))
  }

  /// Hands the inputs over, so that their memory can be reused.
  mutating func takeInputs() -> [Tensor<Scalar>] {
    defer { inputs = [] }
    return inputs
  }

  /// The same samples, of which those of a class count as much as it is told.
  func weighted(by classWeights: [Int: Double]) throws -> Samples {
    if classWeights.isEmpty { return self }
    for (label, weight) in classWeights where !(weight >= 0 && weight.isFinite) || label < 0 {
      throw TrainingError.argument(
        name: "the weight of class \(label)", value: "\(weight)",
        allowed: "classes from 0 on and finite weights from 0 on")
    }
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
    let product = weights.map { $0 * ofClasses.reshaped([target.sampleCount] + $0.shape.dropFirst().map { _ in 1 }) }
    return Samples(inputs: inputs, target: target, weights: product ?? ofClasses)
  }
}

/// What ``Model/fit(_:_:batchSize:epochs:validationSplit:validationData:shuffle:classWeights:sampleWeights:initialEpoch:callbacks:progress:using:)``
/// is to do, checked.
struct TrainingPlan<Scalar: RealScalar>: Sendable {
  let samples: Samples<Scalar>
  let validation: Samples<Scalar>?
  let batchSize: Int
  let shuffles: Bool
  let epochs: Range<Int>

  init(
    samples: Samples<Scalar>, classWeights: [Int: Double], validationSplit: Double,
    validationData: ValidationData<Scalar>?, batchSize: Int,
    shuffles: Bool, epochs: Int, initialEpoch: Int
  ) throws {
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String) throws {
      guard holds else { throw TrainingError.argument(name: name, value: value.description, allowed: allowed) }
    }
    try require(batchSize >= 1, "batchSize", batchSize, "integers from 1 on")
    try require((0..<1).contains(validationSplit), "validationSplit", validationSplit, "numbers from 0 to below 1")
    try require(epochs >= 0, "epochs", epochs, "integers from 0 on")
    try require(initialEpoch >= 0, "initialEpoch", initialEpoch, "integers from 0 on")
    if let data = validationData {
      self.samples = try samples.weighted(by: classWeights)
      validation = try Samples(
        data.inputs, data.target.target(as: Scalar.self), weights: data.sampleWeights)
    } else if validationSplit > 0 {
      let kept = Int(Double(samples.count) * (1 - validationSplit))
      try require(
        kept > 0 && kept < samples.count, "validationSplit", validationSplit,
        "parts of the \(samples.count) samples that leave some on both sides")
      self.samples = try samples[0..<kept].weighted(by: classWeights)
      validation = samples[kept..<samples.count]
    } else {
      self.samples = try samples.weighted(by: classWeights)
      validation = nil
    }
    self.batchSize = min(batchSize, self.samples.count)
    self.shuffles = shuffles
    self.epochs = initialEpoch..<max(epochs, initialEpoch)
  }

  var batchCount: Int { (samples.count + batchSize - 1) / batchSize }
}
