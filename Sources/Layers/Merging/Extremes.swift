public import Tensor

/// The largest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the largest, in equal parts where several are. Steps that an input's mask leaves out are no candidates.
public struct Maximum<Scalar: RealScalar>: ElementwiseMerge {
  /// The largest of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.extreme(by: ExtremeOperation(isLargest: true))
  }
}

/// The smallest of the inputs, element by element, which broadcast behind the batch axis; NaN where one is NaN.
///
/// The gradient goes to the smallest, in equal parts where several are. Steps that an input's mask leaves out are no candidates.
public struct Minimum<Scalar: RealScalar>: ElementwiseMerge {
  /// The smallest of what it is called on.
  public init() {}

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.extreme(by: ExtremeOperation(isLargest: false))
  }
}

extension Array {
  /// The largest or smallest of what masks have true; where none has, of all.
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

/// The first operand where its mask, the third, is true, and the second elsewhere. They broadcast behind the batch axis.
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
