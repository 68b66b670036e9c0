public import Tensor

/// Adds its inputs, which broadcast after the batch axis.
///
/// ```swift
/// let sum = try Add()(x, shortcut)
/// ```
public struct Add<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that adds its inputs.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: SumOperation())
  }
}
