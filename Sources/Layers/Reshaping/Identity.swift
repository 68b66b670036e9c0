public import Tensor

/// The input as it is.
public struct Identity<Scalar: RealScalar>: Layer {
  /// Changes nothing.
  public init() {}

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) -> Tensor<Scalar> { x }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    upstream
  }
}
