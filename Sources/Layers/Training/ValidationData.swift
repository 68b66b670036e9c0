public import Tensor

/// What a model is judged by after each epoch.
public struct ValidationData<Scalar: RealScalar>: Sendable {
  private enum Content: Sendable {
    case tensors(Batch<Scalar>)
    case sequence(steps: Int?, @Sendable (SampleForm?) -> BatchFeed<Scalar>)
  }
  private let content: Content

  /// Of a model with one input and one output.
  public init(_ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init([x], [y], sampleWeights: [sampleWeights])
  }

  /// Of a model with several inputs and one output.
  public init(_ inputs: [Tensor<Scalar>], _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init(inputs, [y], sampleWeights: [sampleWeights])
  }

  /// Of a model with any number of inputs and outputs.
  /// - Parameters:
  ///   - inputs: one tensor for each input, [samples, …].
  ///   - targets: by output, classes or values, one row for each sample.
  ///   - sampleWeights: by output, or a single one for all: [samples], how much each counts.
  public init(_ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = []) {
    content = .tensors(Batch(inputs, targets, sampleWeights: sampleWeights))
  }

  /// Batches of a sequence, of which each validation has an iterator of its own; one batch more is drawn before training, to check it.
  /// - Parameters:
  ///   - batches: as ``Model/fit(_:options:using:)`` takes them.
  ///   - steps: how many batches make a validation, at least 1; without it, all. Training throws where there are fewer.
  public init<Batches: Sequence & Sendable>(_ batches: Batches, steps: Int? = nil)
  where Batches.Element: BatchElement<Scalar> {
    content = .sequence(steps: steps) { BatchFeed(batches, epochs: 0..<1, stepsPerEpoch: steps, form: $0) }
  }

  /// - Parameter size: of the batches that tensors are taken in.
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
