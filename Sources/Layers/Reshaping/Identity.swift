public import Tensor

/// Returns its input.
public struct Identity<Scalar: RealScalar>: Layer {
  /// Creates a layer that returns its input.
  public init() {}

  public func call(_ x: Traced<Scalar>) -> Traced<Scalar> { x }
}
