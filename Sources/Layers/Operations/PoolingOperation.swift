internal import CKernels
internal import Tensor

/// The largest elements or the means of windows of samples with their channels last.
///
/// The gradient of the largest goes to the first of them.
struct PoolingOperation<Scalar: RealScalar>: TensorOperation {
  let pooling: ck_pooling
  let windows: PoolingWindows

  /// The input and the output; `nil` if the gradient does not depend on them.
  typealias Residual = (x: Tensor<Scalar>, output: Tensor<Scalar>)?

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [windows.output + operands[0].suffix(1)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = context.operand(0)
    var output = context.tensor(x.shape.prefix(1) + windows.output + x.shape.suffix(1))
    output.assign(pooling, of: x, windows)
    context.give(output)
    return pooling == ck_pooling_largest ? (x, output) : nil
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var gradient = context.tensor(upstream.shape.prefix(1) + windows.input + upstream.shape.suffix(1))
    gradient.assign(pullbackOf: pooling, upstream, at: residual, windows)
    context.recycle(upstream)
    context.give(gradient, of: 0)
  }
}

extension Traced {
  /// The results of windows, with the channels at the same place.
  func pooled(_ pooling: ck_pooling, _ windows: PoolingWindows, _ format: DataFormat) throws -> Traced {
    try channelsLast(from: format).applying(PoolingOperation(pooling: pooling, windows: windows)).moved(to: format)
  }
}
