internal import Tensor

/// Rows of a weight [rows, columns] by their positions, which are the first operand; the weight is the second.
struct RowLookupOperation<Scalar: RealScalar>: DescendableOperation {
  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0] + [operands[1][1]]] }

  func forward(_ context: Context<Scalar>) -> Tensor<Int64> {
    let (positions, weight) = (context.integers(0), context.operand(1))
    var rows = context.tensor(positions.shape + [weight.shape[1]])
    rows.assignRows(of: weight, at: positions)
    context.give(rows)
    return positions
  }

  /// Only the rows that were looked up change in the weight. A gradient that is kept apart is written as a whole.
  func pullback(_ positions: consuming Tensor<Int64>, _ context: Context<Scalar>) {
    var upstream = context.upstream()
    context.accumulate(of: 1) { gradient, alpha, beta in
      if beta == 0 { gradient.assign(Tensor(0).broadcast(to: gradient.shape)) }
      if alpha != 1 { upstream.scale(by: alpha) }
      gradient.addRows(upstream, at: positions)
    }
    context.recycle(upstream)
  }
}
