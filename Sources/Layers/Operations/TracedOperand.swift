public import Tensor

/// What stands in a computation: a tensor of it, or a weight of the layer that is called.
public protocol TracedOperand<Scalar> {
  /// The element type of the computation.
  associatedtype Scalar: RealScalar
  /// The tensor of the same computation as another one. Traps where it is of another computation.
  func value(beside other: TracedValue<Scalar>) -> TracedValue<Scalar>
}

/// A tensor of a computation, whatever its elements are.
public struct TracedValue<Scalar: RealScalar> {
  let recorder: Recorder<Scalar>
  let slot: Slot
  /// Of a sample, without the batch axis; of a weight, its shape.
  public let shape: [Int]
}

/// A tensor of a computation whose elements' type is known: ``Traced``, ``TracedMask`` and ``TracedIntegers``.
public protocol TracedTensor<Scalar>: TracedOperand {
  /// The tensor, whatever its elements are.
  var value: TracedValue<Scalar> { get }
}

extension TracedTensor {
  /// Of a sample, without the batch axis; of a weight, its shape.
  public var shape: [Int] { value.shape }

  public func value(beside other: TracedValue<Scalar>) -> TracedValue<Scalar> {
    require(value.recorder === other.recorder, "tensors of two computations stand in one operation")
    return value
  }

  /// The first result of an operation on this tensor and others.
  /// - Parameter operation: what is computed.
  /// - Parameter others: its operands behind this one: tensors of the computation, and weights of the layer.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> Traced<Scalar> where Operation.ResultScalar == Scalar { try results(of: operation, others)[0] }

  /// The mask that an operation makes of this tensor and others.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> TracedMask<Scalar> where Operation.ResultScalar == Bool {
    TracedMask(value: try values(of: operation, others)[0])
  }

  /// The integers that an operation makes of this tensor and others.
  public func applying<Operation: TensorOperation<Scalar>>(
    _ operation: Operation, _ others: any TracedOperand<Scalar>...
  ) throws -> TracedIntegers<Scalar> where Operation.ResultScalar == Int64 {
    TracedIntegers(value: try values(of: operation, others)[0])
  }

  /// All results of an operation on this tensor and others.
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
