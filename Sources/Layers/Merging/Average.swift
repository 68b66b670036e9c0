public import Tensor

/// The mean of the inputs, element by element, which broadcast behind the batch axis.
public struct Average<Scalar: RealScalar>: ElementwiseMerge {
  /// The mean of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: SumOperation(divisor: Scalar(inputs.count)))
  }
}
