import Tensor

/// The masks of attention, in the order in which they are operands.
struct AttentionMasks<Scalar: RealScalar> {
  /// The queries that count, [queries].
  var query: TracedMask<Scalar>?
  /// The keys that count, [keys].
  var key: TracedMask<Scalar>?
  /// The keys that each query sees, [queries, keys] or [heads, queries, keys].
  var pairs: TracedMask<Scalar>?

  var operands: [any TracedOperand<Scalar>] { [query, key, pairs].compactMap { $0 } }
  var kinds: AttentionMaskKinds { AttentionMaskKinds(query != nil, key != nil, pairs != nil) }
}

/// The masks that there are among an operation's operands.
struct AttentionMaskKinds: Hashable, Sendable {
  private let hasQuery, hasKey, hasPairs: Bool

  init(_ hasQuery: Bool, _ hasKey: Bool, _ hasPairs: Bool) {
    (self.hasQuery, self.hasKey, self.hasPairs) = (hasQuery, hasKey, hasPairs)
  }

  var isEmpty: Bool { !hasQuery && !hasKey && !hasPairs }

  /// The masks from an operand on.
  func masks<Scalar>(
    _ context: Context<Scalar>, from first: Int
  ) -> (query: Tensor<Bool>?, key: Tensor<Bool>?, pairs: Tensor<Bool>?) {
    var next = first
    func mask(_ isThere: Bool) -> Tensor<Bool>? {
      guard isThere else { return nil }
      defer { next += 1 }
      return context.mask(next)
    }
    return (mask(hasQuery), mask(hasKey), mask(hasPairs))
  }
}

/// softmax(scale · query · keyᵀ) · value, head by head and in blocks: the scores of all queries and keys are never there
/// at once, neither here nor in the pullback, which computes them again.
///
/// Operands: the queries [batch, …, queries, heads, size], the keys [batch, …, keys, key heads, size], the values
/// [batch, …, keys, key heads, value size], and the masks.
struct AttentionOperation<Scalar: RealScalar>: TensorOperation {
  let rule: AttentionRule
  let masks: AttentionMaskKinds

  struct Residual {
    let operands: AttentionOperands<Scalar>
    /// The shapes of queries, keys and values.
    let shapes: [[Int]]
    let output, states: Tensor<Scalar>
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0].dropLast() + operands[2].suffix(1)] }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let operands = operands(context)
    var output = context.tensor(operands.outputShape)
    var states = Optional(context.tensor(operands.stateShape))
    Tensor.attend(operands, rule, into: &output, states: &states)
    give(output, context)
    return Residual(
      operands: operands, shapes: (0..<3).map { context.operand($0).shape }, output: output, states: states!)
  }

  func infer(_ context: Context<Scalar>) throws {
    let operands = operands(context)
    var output = context.tensor(operands.outputShape)
    var states: Tensor<Scalar>?
    Tensor.attend(operands, rule, into: &output, states: &states)
    give(output, context)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let residual = residual
    let operands = residual.operands
    let upstream = folded(context.upstream())
    var (query, key, value) = (
      context.tensor(operands.query.shape), context.tensor(operands.key.shape), context.tensor(operands.value.shape)
    )
    Tensor.attendPullback(
      upstream, operands, rule, output: residual.output, states: residual.states, query: &query, key: &key,
      value: &value)
    context.give(query.reshaped(residual.shapes[0]), of: 0)
    context.give(key.reshaped(residual.shapes[1]), of: 1)
    context.give(value.reshaped(residual.shapes[2]), of: 2)
    context.recycle(residual.states)
  }

  private func operands(_ context: Context<Scalar>) -> AttentionOperands<Scalar> {
    let (queryMask, keyMask, pairs) = masks.masks(context, from: 3)
    return AttentionOperands(
      query: folded(context.operand(0)), key: folded(context.operand(1)), value: folded(context.operand(2)),
      queryMask: queryMask, keyMask: keyMask, mask: pairs.map { $0.rank == 3 ? $0.expanded(axis: 1) : $0 })
  }

  /// The axes before those of steps, heads and elements as one.
  private func folded(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.rank == 4 ? x : x.reshaped([x.shape.dropLast(3).reduce(1, *)] + x.shape.suffix(3))
  }

  private func give(_ output: Tensor<Scalar>, _ context: Context<Scalar>) {
    context.give(output.reshaped(context.operand(0).shape.dropLast() + output.shape.suffix(1)))
  }
}
