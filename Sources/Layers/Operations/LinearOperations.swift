internal import Tensor

// Operations that are linear in samples, with numbers and tensors that are not weights.

/// `x · factor + offset`.
struct ScaleOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let factor: Scalar
  var offset: Scalar = 0

  func forward(_ context: Context<Scalar>) throws {
    let scaled = context.take(0) * factor
    context.give(offset == 0 ? scaled : scaled + offset)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream() * factor, of: 0)
  }
}

/// The sum or mean of samples along axes, numbered from 0.
struct ReductionOperation<Scalar: RealScalar>: TensorOperation {
  let axes: [Int]
  let keepsAxes: Bool
  let isMean: Bool

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] {
    [operands[0].reduced(along: axes, keepsAxes: keepsAxes)]
  }

  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let x = context.operand(0)
    let axes = axes.map { $0 + 1 }
    context.give(
      isMean ? x.mean(axis: axes, keepDimensions: keepsAxes) : x.sum(axis: axes, keepDimensions: keepsAxes))
    return x.shape
  }

  func pullback(_ full: consuming [Int], _ context: Context<Scalar>) throws {
    let full = full
    var kept = full
    for axis in axes { kept[axis + 1] = 1 }
    var upstream = context.upstream().reshaped(kept)
    if isMean { upstream /= Scalar(axes.reduce(1) { $0 * full[$1 + 1] }) }
    context.give(upstream.broadcast(to: full).copied(), of: 0)
  }
}

extension [Int] {
  /// The shape of samples that have been combined along axes, numbered from 0.
  func reduced(along axes: [Int], keepsAxes: Bool) -> [Int] {
    enumerated().compactMap { axis, length in axes.contains(axis) ? (keepsAxes ? 1 : nil) : length }
  }
}
