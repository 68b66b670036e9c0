public import Tensor

/// The sum of the inputs, which broadcast behind the batch axis.
///
/// ```swift
/// let sum = try Add()(x, shortcut)
/// ```
public struct Add<Scalar: RealScalar>: ElementwiseMerge {
  /// The sum of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: SumOperation())
  }
}
