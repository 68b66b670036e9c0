public import Tensor

/// The data on which a model is evaluated after each epoch.
public struct ValidationData<Scalar: RealScalar>: Sendable {
  private enum Content: Sendable {
    case tensors(Batch<Scalar>)
    case sequence(steps: Int?, @Sendable (SampleForm?) -> BatchFeed<Scalar>)
  }
  private let content: Content

  /// Creates data for a model with one input and one output.
  public init(_ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init([x], [y], sampleWeights: [sampleWeights])
  }

  /// Creates data for a model with several inputs and one output.
  public init(_ inputs: [Tensor<Scalar>], _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init(inputs, [y], sampleWeights: [sampleWeights])
  }

  /// Creates data for a model with any number of inputs and outputs.
  /// - Parameters:
  ///   - inputs: the inputs, one tensor for each: [samples, …].
  ///   - targets: the targets, one for each output: classes or values, one row for each sample.
  ///   - sampleWeights: the sample weights, [samples], one tensor for each output or a single one for all.
  public init(_ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = []) {
    content = .tensors(Batch(inputs, targets, sampleWeights: sampleWeights))
  }

  /// Creates data from a sequence of batches. Each validation uses a new iterator; one batch more is drawn before
  /// training to check it.
  /// - Parameters:
  ///   - batches: a sequence like that of ``Model/fit(_:options:using:)``.
  ///   - steps: the number of batches in a validation, at least 1; all by default. Training throws if there are fewer.
  public init<Batches: Sequence & Sendable>(_ batches: Batches, steps: Int? = nil)
  where Batches.Element: BatchElement<Scalar> {
    content = .sequence(steps: steps) { BatchFeed(batches, epochs: 0..<1, stepsPerEpoch: steps, form: $0) }
  }

  /// - Parameter size: the size of the batches into which tensors are split.
  func batches(ofSize size: Int) throws -> EvaluationBatches<Scalar> {
    switch content {
    case .tensors(let all):
      let targets = all.targets.map { $0.target(as: Scalar.self) }
      return EvaluationBatches(try Samples(all.inputs, targets, weights: all.sampleWeights), batchSize: size)
    case .sequence(let steps, let feed):
      try requireSteps(steps, "the number of steps of a validation")
      return try EvaluationBatches(steps: steps, feed)
    }
  }
}
