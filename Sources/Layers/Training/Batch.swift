public import Tensor

/// Samples with their targets, for one training step.
///
/// ```swift
/// let batch = Batch(images[0..<32], labels[0..<32])
/// ```
public struct Batch<Scalar: RealScalar>: Sendable {
  /// The inputs, one tensor for each: [batch, …].
  public var inputs: [Tensor<Scalar>]
  /// The targets, one for each output: classes or values, one row for each sample.
  public var targets: [any TargetTensor]
  /// The sample weights, [batch], one tensor for each output or a single one for all.
  public var sampleWeights: [Tensor<Scalar>?]

  /// Creates a batch for a model with one input and one output.
  public init(_ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init([x], [y], sampleWeights: [sampleWeights])
  }

  /// Creates a batch for a model with several inputs and one output.
  public init(_ inputs: [Tensor<Scalar>], _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init(inputs, [y], sampleWeights: [sampleWeights])
  }

  /// Creates a batch for a model with any number of inputs and outputs.
  public init(_ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = []) {
    self.inputs = inputs
    self.targets = targets
    self.sampleWeights = sampleWeights
  }
}

/// An element of a sequence of batches: a ``Batch``, or the result of creating one, which may be an error.
///
/// ```swift
/// let batches = ["monday", "tuesday"].lazy.map { name in
///   Result { Batch(try Tensor<Float>(contentsOf: "\(name).x.npy"), try Tensor<Int64>(contentsOf: "\(name).y.npy")) }
/// }
/// ```
public protocol BatchElement<Scalar> {
  /// The element type of the model.
  associatedtype Scalar: RealScalar
  /// The batch. An error thrown here ends training.
  var batch: Batch<Scalar> { get throws }
}

extension Batch: BatchElement {
  /// The batch itself.
  public var batch: Batch { self }
}

extension Result: BatchElement where Success: BatchElement {
  /// The batch of a success; a failure is thrown.
  public var batch: Batch<Success.Scalar> { get throws { try get().batch } }
}

/// A sequence that differs between epochs, for example in its order.
///
/// ``Model/fit(_:options:using:)`` requests an iterator for each epoch. The same epoch should give the same batches, so
/// that resumed training gives the same numbers as uninterrupted training.
public protocol EpochSequence<Element>: Sequence {
  /// The type of the elements.
  associatedtype Element
  /// The type of the iterator.
  associatedtype Iterator
  /// Returns the batches of an epoch, numbered from 0.
  func makeIterator(epoch: Int) -> Iterator
}

extension EpochSequence {
  /// Returns the batches of the first epoch.
  public func makeIterator() -> Iterator { makeIterator(epoch: 0) }
}
