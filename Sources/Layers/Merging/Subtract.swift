public import Tensor

/// The first input minus the second, which broadcast behind the batch axis.
public struct Subtract<Scalar: RealScalar>: ElementwiseMergingLayer {
  /// The first input less the second.
  public init() {}

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard inputShapes.count == 2 else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    return try broadcastShape(inputShapes)
  }

  public func forward(_ inputs: consuming [Tensor<Scalar>], _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    inputs.combined(pass, { $0.assign(differenceOf: $1, $2) }, { $0 -= $1 })
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> [Tensor<Scalar>] {
    let upstream = upstream
    return [upstream.summed(toInput: inputs[0].shape), -upstream.summed(toInput: inputs[1].shape)]
  }
}
