public import Tensor

/// Computes the elementwise maximum of its inputs, which broadcast after the batch axis; NaN if any is NaN.
///
/// The gradient is passed to the largest input, in equal parts if there are several. Steps that an input's mask
/// excludes are ignored.
public struct Maximum<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that computes the maximum of its inputs.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.extreme(by: ExtremeOperation(isLargest: true))
  }
}

/// Computes the elementwise minimum of its inputs, which broadcast after the batch axis; NaN if any is NaN.
///
/// The gradient is passed to the smallest input, in equal parts if there are several. Steps that an input's mask
/// excludes are ignored.
public struct Minimum<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that computes the minimum of its inputs.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.extreme(by: ExtremeOperation(isLargest: false))
  }
}

extension Array {
  /// The maximum or minimum over the elements where masks are true, or over all where none is.
  fileprivate func extreme<Scalar: RealScalar>(by operation: ExtremeOperation<Scalar>) throws -> Traced<Scalar>
  where Element == Traced<Scalar> {
    if allSatisfy({ $0.mask == nil }) { return try merged(by: operation) }
    return try dropFirst().reduce(self[0]) { result, x in
      let candidate = try x.chosen(over: result)
      let extreme = try result.chosen(over: candidate).applying(operation, candidate)
      return extreme.with(mask: try [result, x].jointMask(ofShape: extreme.shape))
    }
  }
}

extension Traced {
  /// This tensor where its mask is true, and another one elsewhere.
  fileprivate func chosen(over other: Traced) throws -> Traced {
    guard let mask else { return self }
    return try applying(ChoiceOperation(), other, mask)
  }
}

/// The first operand where its mask, the third, is true, and the second elsewhere. They broadcast after the batch axis.
private struct ChoiceOperation<Scalar: RealScalar>: TensorOperation {
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [try broadcastShape(Array(operands.prefix(2)))] }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let (x, y) = (context.operand(0), context.operand(1))
    let rank = max(x.rank, y.rank)
    let mask = context.mask(2).expandedBehind(to: x.rank).expandedBehindBatch(to: rank)
    context.give(.where(mask, x.expandedBehindBatch(to: rank), y.expandedBehindBatch(to: rank)))
    return mask
  }

  func pullback(_ mask: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let (upstream, mask, none) = (context.upstream(), mask, Tensor<Scalar>(0))
    context.give(Tensor.where(mask, upstream, none).summed(toInput: context.operand(0).shape), of: 0)
    context.give(Tensor.where(mask, none, upstream).summed(toInput: context.operand(1).shape), of: 1)
  }
}
