internal import Tensor

/// The largest elements of samples along axes, numbered from 0. The gradient is passed to all of them, in equal parts;
/// if one is NaN, it is NaN.
struct LargestOperation<Scalar: RealScalar>: TensorOperation {
  let axes: [Int]
  let keepsAxes: Bool

  struct Residual {
    let x, largest: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0].reduced(along: axes, keepsAxes: keepsAxes)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    let largest = x.max(axis: axes.map { $0 + 1 }, keepDimensions: true)
    context.give(keepsAxes ? largest : largest.squeezed(axis: axes.map { $0 + 1 }))
    return Residual(x: x, largest: largest)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let largest = residual.largest
    var gradient = (residual.x .== largest).cast(to: Scalar.self)
    let count = gradient.sum(axis: axes.map { $0 + 1 }, keepDimensions: true)
    gradient *= context.upstream().reshaped(largest.shape) / count
    context.give(gradient, of: 0)
  }
}
