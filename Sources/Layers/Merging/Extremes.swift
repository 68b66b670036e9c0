public import Tensor

/// The largest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the largest, in equal parts where several are.
public struct Maximum<Scalar: RealScalar>: ElementwiseMerge {
  /// The largest of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: ExtremeOperation(isLargest: true))
  }
}

/// The smallest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the smallest, in equal parts where several are.
public struct Minimum<Scalar: RealScalar>: ElementwiseMerge {
  /// The smallest of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: ExtremeOperation(isLargest: false))
  }
}
