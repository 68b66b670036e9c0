public import Tensor

/// Some samples with what is to be predicted for them: what a step of training sees.
///
/// ```swift
/// let batch = Batch(images[0..<32], labels[0..<32])
/// ```
public struct Batch<Scalar: RealScalar>: Sendable {
  /// One tensor for each input, [batch, …].
  public var inputs: [Tensor<Scalar>]
  /// By output, classes or values, one row for each sample.
  public var targets: [any TargetTensor]
  /// By output, or a single one for all: [batch], how much each counts.
  public var sampleWeights: [Tensor<Scalar>?]

  /// For a model of one input and one output.
  public init(_ x: Tensor<Scalar>, _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init([x], [y], sampleWeights: [sampleWeights])
  }

  /// For a model of several inputs and one output.
  public init(_ inputs: [Tensor<Scalar>], _ y: some TargetTensor, sampleWeights: Tensor<Scalar>? = nil) {
    self.init(inputs, [y], sampleWeights: [sampleWeights])
  }

  /// For a model of any number of inputs and outputs.
  public init(_ inputs: [Tensor<Scalar>], _ targets: [any TargetTensor], sampleWeights: [Tensor<Scalar>?] = []) {
    self.inputs = inputs
    self.targets = targets
    self.sampleWeights = sampleWeights
  }
}

/// What sequences of batches consist of: a ``Batch``, or the result of making one, which may be an error.
///
/// ```swift
/// let batches = ["monday", "tuesday"].lazy.map { name in
///   Result { Batch(try Tensor<Float>(contentsOf: "\(name).x.npy"), try Tensor<Int64>(contentsOf: "\(name).y.npy")) }
/// }
/// ```
public protocol BatchElement<Scalar> {
  /// The element type of the model.
  associatedtype Scalar: RealScalar
  /// The batch, or why there is none: the error ends training.
  var batch: Batch<Scalar> { get throws }
}

extension Batch: BatchElement {
  /// This one.
  public var batch: Batch { self }
}

extension Result: BatchElement where Success: BatchElement {
  /// That of a success; a failure is thrown.
  public var batch: Batch<Success.Scalar> { get throws { try get().batch } }
}

/// A sequence that is another one in every epoch, in another order for example.
///
/// ``Model/fit(_:options:using:)`` asks it for the iterator of an epoch. The same epoch should give the same batches, so that training
/// that is broken off and goes on is what it would have been.
public protocol EpochSequence<Element>: Sequence {
  /// What each is.
  associatedtype Element
  /// What gives them one after another.
  associatedtype Iterator
  /// The batches of an epoch, numbered from 0.
  func makeIterator(epoch: Int) -> Iterator
}

extension EpochSequence {
  /// Those of the first epoch.
  public func makeIterator() -> Iterator { makeIterator(epoch: 0) }
}
