public import Tensor

/// An operand of a computation: one of its tensors, or a weight of the layer.
public protocol TracedOperand<Scalar> {
  /// The element type of the computation.
  associatedtype Scalar: RealScalar
  /// Returns the operand as a tensor of another tensor's computation.
  /// - Precondition: both belong to the same computation.
  func value(beside other: TracedValue<Scalar>) -> TracedValue<Scalar>
}

/// A tensor of a computation, of any element type.
public struct TracedValue<Scalar: RealScalar> {
  let recorder: Recorder<Scalar>
  let slot: Slot
  /// The shape of a sample, without the batch axis, or of a weight or constant.
  public let shape: [Int]
}

extension TracedValue {
  /// Whether the first axis is the batch, which ``shape`` leaves out.
  var hasBatch: Bool { if case .value = slot { true } else { false } }
  /// The shape for people: `[batch, 64]`, or `the weight [64]`.
  var description: String {
    switch slot {
    case .value: batchDescription(shape)
    case .weight: "the weight \(shape)"
    case .constant: "the constant \(shape)"
    }
  }
}

/// A tensor of a computation with a known element type: ``Traced``, ``TracedMask`` and ``TracedIntegers``.
public protocol TracedTensor<Scalar>: TracedOperand {
  /// The tensor without its element type.
  var value: TracedValue<Scalar> { get }
}

extension TracedTensor {
  /// The shape of a sample, without the batch axis, or of a weight.
  public var shape: [Int] { value.shape }

  public func value(beside other: TracedValue<Scalar>) -> TracedValue<Scalar> {
    require(value.recorder === other.recorder, "an operation has tensors of two computations")
    return value
  }

  /// Returns the first result of an operation on this tensor and others.
  /// - Parameter operation: the operation.
  /// - Parameter others: the operands after this one: tensors of the computation, and weights of the layer.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> Traced<Scalar> where Operation.ResultScalar == Scalar { try results(of: operation, others)[0] }

  /// Returns the mask that an operation computes from this tensor and others.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> TracedMask<Scalar> where Operation.ResultScalar == Bool {
    TracedMask(value: try values(of: operation, others)[0])
  }

  /// Returns the integers that an operation computes from this tensor and others.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> TracedIntegers<Scalar> where Operation.ResultScalar == Int64 {
    TracedIntegers(value: try values(of: operation, others)[0])
  }

  /// Returns all results of an operation on this tensor and others.
  public func results<Operation: TensorOperation<Scalar>>(
    of operation: Operation, _ others: [any TracedOperand<Scalar>] = []
  ) throws -> [Traced<Scalar>] where Operation.ResultScalar == Scalar {
    try values(of: operation, others).map { Traced(value: $0) }
  }

  private func values(
    of operation: some TensorOperation<Scalar>, _ others: [any TracedOperand<Scalar>]
  ) throws -> [TracedValue<Scalar>] {
    try value.recorder.record(operation, [value] + others.map { $0.value(beside: value) })
  }
}

extension Weight: TracedOperand {
  public func value(beside other: TracedValue<Scalar>) -> TracedValue<Scalar> { other.recorder.traced(self) }
}
