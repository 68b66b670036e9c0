public import Tensor

/// A tensor that a layer will compute with: what `call(_:)` is written in terms of.
///
/// Operators and functions on it compute nothing yet. They are written down once for a shape of samples and are then run with
/// batch after batch, forwards and, with the gradients of each, backwards.
public struct Traced<Scalar: RealScalar> {
  let recorder: Recorder<Scalar>
  let slot: Slot
  /// Of a sample, without the batch axis; of a weight, its shape.
  public let shape: [Int]

  /// Whether the computation is one of training: with dropout and noise, normalised by the batch.
  public var isTraining: Bool { recorder.mode == .training }
  /// Whether a loss is computed, to which penalties are added: in training and evaluation.
  public var hasLoss: Bool { recorder.mode != .inference }
  /// Whether the layer is trained. One that is not computes as in inference.
  public var isTrainable: Bool { recorder.site.isTrainable }
  /// Whether the first axis is the batch, which ``shape`` leaves out.
  public var hasBatch: Bool { if case .value = slot { true } else { false } }

  /// The only result of an operation on this tensor and others.
  /// - Parameter operation: what is computed.
  /// - Parameter others: its operands behind this one: tensors of the computation, and weights of the layer.
  public func applying(
    _ operation: some TensorOperation<Scalar>, _ others: any TracedOperand<Scalar>...
  ) throws -> Traced {
    try results(of: operation, others)[0]
  }

  /// All results of an operation on this tensor and others.
  public func results(
    of operation: some TensorOperation<Scalar>, _ others: [any TracedOperand<Scalar>] = []
  ) throws -> [Traced] {
    try recorder.record(operation, [self] + others.map { $0.traced(by: self) })
  }

  /// A weight of the layer as a tensor of the computation.
  public func value(of weight: Weight<Scalar>) -> Traced { recorder.traced(weight) }
}

/// What stands in a computation: a tensor of it, or a weight of the layer that is called.
public protocol TracedOperand<Scalar> {
  /// The element type.
  associatedtype Scalar: RealScalar
  /// The tensor of the same computation as another one.
  func traced(by other: Traced<Scalar>) -> Traced<Scalar>
}

extension Traced: TracedOperand {
  public func traced(by other: Traced<Scalar>) -> Traced<Scalar> {
    require(recorder === other.recorder, "tensors of two computations stand in one operation")
    return self
  }
}

extension Weight: TracedOperand {
  public func traced(by other: Traced<Scalar>) -> Traced<Scalar> { other.recorder.traced(self) }
}
