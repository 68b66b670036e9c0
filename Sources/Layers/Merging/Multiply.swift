public import Tensor

/// The product of the inputs, element by element, which broadcast behind the batch axis.
public struct Multiply<Scalar: RealScalar>: ElementwiseMerge {
  /// The product of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: MultiplicationOperation())
  }
}
