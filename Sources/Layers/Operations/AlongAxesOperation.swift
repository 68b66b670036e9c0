internal import Tensor

/// A function of samples that combines the elements along axes.
struct AlongAxesOperation<Scalar: RealScalar>: TensorOperation {
  /// The axes of batches.
  let axes: [Int]
  let keepsAxes: Bool
  /// Returns the results, which keep their axes.
  let value: @Sendable (Tensor<Scalar>, _ axes: [Int]) -> Tensor<Scalar>
  /// Returns the gradient; `nil` if the slopes are 0 wherever there are any.
  let gradient: (@Sendable (_ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ upstream: Tensor<Scalar>) -> Tensor<Scalar>)?

  struct Residual {
    let x, y: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    [operands[0].reduced(along: axes.map { $0 - 1 }, keepsAxes: keepsAxes)]
  }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let y = value(x, axes)
    context.give(keepsAxes ? y : y.squeezed(axis: axes))
    return Residual(x: x, y: y)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let upstream = context.upstream().reshaped(residual.y.shape)
    context.give(gradient?(residual.x, residual.y, upstream) ?? .zeros(residual.x.shape), of: 0)
  }
}
