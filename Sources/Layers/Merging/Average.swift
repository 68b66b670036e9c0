public import Tensor

/// The mean of the inputs, element by element, which broadcast behind the batch axis.
public struct Average<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The mean of what it is called on.
  public init() {}

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    if inputs.count == 1 { return inputs[0] }
    let count = Scalar(inputs.count)
    var sum = inputs.combined(pass, { $0.assign(sumOf: $1, $2) }, { $0 += $1 })
    sum /= count
    return sum
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    let part = upstream / Scalar(inputs.count)
    return inputs.map { part.summed(toInput: $0.shape) }
  }
}
