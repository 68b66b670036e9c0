public import Tensor

/// The product of the inputs, element by element, which broadcast behind the batch axis.
public struct Multiply<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The product of what it is called on.
  public init() {}

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    inputs.combined(pass, { $0.assign(productOf: $1, $2) }, { $0 *= $1 })
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    let upstream = upstream
    let factors: [Tensor<Scalar>] = inputs.aligned()
    // The other factors multiplied, not the output divided: factors may be 0.
    return inputs.indices.map { index in
      var gradient = upstream
      for other in factors.indices where other != index { gradient = gradient * factors[other] }
      return gradient.summed(toInput: inputs[index].shape)
    }
  }
}
