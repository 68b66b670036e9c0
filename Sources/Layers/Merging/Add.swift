public import Tensor

/// The sum of the inputs, which broadcast behind the batch axis.
///
/// ```swift
/// let sum = try Add()(x, shortcut)
/// ```
public struct Add<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The sum of what it is called on.
  public init() {}

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    inputs.combined(pass, { $0.assign(sumOf: $1, $2) }, { $0 += $1 })
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    let upstream = upstream
    return inputs.map { upstream.summed(toInput: $0.shape) }
  }
}
