public import Tensor

// Integers, such as identifiers of words, as inputs: they become the model's numbers.

extension Layer {
  /// Returns the layer's output for a batch of integers, in inference.
  public func callAsFunction(_ x: Tensor<some NumericScalar & FixedWidthInteger>) throws -> Tensor<Scalar> {
    try self(x.cast(to: Scalar.self))
  }
}

extension Model {
  /// Returns the model's output for a batch of integers.
  public func callAsFunction(_ x: Tensor<some NumericScalar & FixedWidthInteger>) throws -> Tensor<Scalar> {
    try self(x.cast(to: Scalar.self))
  }

  /// Returns the model's output for a batch written as rows of integers: `try model([[4, 2, 0], [7, 7, 1]])`.
  /// - Precondition: all rows have the same length.
  public func callAsFunction(_ rows: [[Int]]) throws -> Tensor<Scalar> {
    try self(rows.map { $0.map(Scalar.init) })
  }

  /// Returns the outputs for any number of samples of integers, computed batch by batch.
  public func predict(
    _ x: Tensor<some NumericScalar & FixedWidthInteger>, batchSize: Int = 256
  ) throws -> Tensor<Scalar> {
    try predict(x.cast(to: Scalar.self), batchSize: batchSize)
  }

  /// Returns the outputs for samples written as rows of integers.
  /// - Precondition: all rows have the same length.
  public func predict(_ rows: [[Int]], batchSize: Int = 256) throws -> Tensor<Scalar> {
    try predict(rows.map { $0.map(Scalar.init) }, batchSize: batchSize)
  }

  /// Takes one step of the optimizer on a batch of integers.
  /// - Returns: the batch's loss before the step.
  @discardableResult
  public mutating func trainOnBatch(
    _ x: Tensor<some NumericScalar & FixedWidthInteger>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil,
    using generator: inout PhiloxGenerator
  ) throws -> Double {
    try trainOnBatch(x.cast(to: Scalar.self), y, sampleWeights: sampleWeights, using: &generator)
  }
}

extension Batch {
  /// Creates a batch of integers for a model with one input and one output.
  public init(
    _ x: Tensor<some NumericScalar & FixedWidthInteger>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) {
    self.init(x.cast(to: Scalar.self), y, sampleWeights: sampleWeights)
  }
}

extension ValidationData {
  /// Creates data of integers for a model with one input and one output.
  public init(
    _ x: Tensor<some NumericScalar & FixedWidthInteger>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil
  ) {
    self.init(x.cast(to: Scalar.self), y, sampleWeights: sampleWeights)
  }
}
