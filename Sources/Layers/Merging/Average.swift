public import Tensor

/// Computes the elementwise mean of its inputs, which broadcast after the batch axis.
public struct Average<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that averages its inputs.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: SumOperation(divisor: Scalar(inputs.count)))
  }
}
