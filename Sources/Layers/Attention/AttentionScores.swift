import Activations
import Tensor

// Attention with all scores at once, for layers that give them, drop some or compute them in another way.

extension Traced {
  /// The probabilities from scores [.., heads, queries, keys]. As in Keras, masked scores are lowered by 1e9, or, where
  /// they would be replaced, have the probability 0, even if a query has no others.
  func probabilities(_ rule: AttentionRule, _ masks: AttentionMasks<Scalar>) throws -> Traced {
    guard rule.isCausal || rule.window != nil || !masks.kinds.isEmpty else {
      return try activated(by: .softmax(axis: -1))
    }
    let mask = ScoreMask(rule: rule, masks: masks.kinds)
    if rule.masked == .replaced { return try results(of: MaskedProbabilities(mask: mask), masks.operands)[0] }
    return try results(of: LoweredScores(mask: mask), masks.operands)[0].activated(by: .softmax(axis: -1))
  }

  /// The elements of which training drops a fraction, and scales the others.
  func afterDropout(_ rate: Double) throws -> Traced { try Dropout(rate).call(self) }
}

/// Lowers masked scores by 1e9. Operands: scores [batch, .., queries, keys], and the masks.
private struct LoweredScores<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let mask: ScoreMask

  func forward(_ context: Context<Scalar>) {
    let scores = context.operand(0)
    var result = context.tensor(scores.shape)
    result.assign(where: mask.allowed(context), scores, scores + Scalar(-1e9))
    context.give(result)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) { context.give(context.upstream(), of: 0) }
}

/// Softmax of the scores that are not masked. Operands: scores [batch, .., queries, keys], and the masks.
private struct MaskedProbabilities<Scalar: RealScalar>: TensorOperation {
  let mask: ScoreMask

  func forward(_ context: Context<Scalar>) throws -> Tensor<Scalar> {
    let output = try softmax(context.operand(0), mask: mask.allowed(context), axis: -1)
    context.give(output)
    return output
  }

  func pullback(_ output: consuming Tensor<Scalar>, _ context: Context<Scalar>) throws {
    let activation = Activation<Scalar>.softmax(axis: -1)
    context.give(try activation.pullback(context.upstream(), input: output, output: output), of: 0)
  }
}

/// Which scores count.
private struct ScoreMask: Sendable {
  let rule: AttentionRule
  let masks: AttentionMaskKinds

  /// - Returns: true for scores that count; it broadcasts to the scores, which are the first operand.
  func allowed<Scalar>(_ context: Context<Scalar>) -> Tensor<Bool> {
    allowed(context.operand(0).shape, masks.masks(context, from: 1))
  }

  private func allowed(
    _ shape: [Int], _ masks: (query: Tensor<Bool>?, key: Tensor<Bool>?, pairs: Tensor<Bool>?)
  ) -> Tensor<Bool> {
    let rank = shape.count
    let (queries, keys) = (shape[rank - 2], shape[rank - 1])
    let between = [Int](repeating: 1, count: rank - 3)
    let distances = Tensor<Int64>(0..<Int64(queries)).expanded(axis: 1) - Tensor<Int64>(0..<Int64(keys))
    var all: [Tensor<Bool>] = []
    if rule.isCausal { all.append(distances .>= 0) }
    if let window = rule.window { all.append(distances.absolute() .< Int64(window)) }
    if let mask = masks.query { all.append(mask.reshaped([shape[0]] + between + [queries, 1])) }
    if let mask = masks.key { all.append(mask.reshaped([shape[0]] + between + [1, keys])) }
    if let mask = masks.pairs {
      all.append(mask.reshaped([shape[0]] + between.dropLast(mask.rank - 3) + mask.shape.dropFirst()))
    }
    return all.dropFirst().reduce(all[0]) { $0 .& $1 }
  }
}

extension TracedMask {
  /// True where both masks are.
  func and(_ other: TracedMask) throws -> TracedMask { try applying(MaskConjunction(), other) }
}

private struct MaskConjunction<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  func forward(_ context: Context<Scalar>) { context.give(mask: context.mask(0) .& context.mask(1)) }
}

extension Traced {
  /// True where an element is not 0.
  var isNonzero: TracedMask<Scalar> { get throws { try applying(NonzeroElements()) } }
}

private struct NonzeroElements<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  func forward(_ context: Context<Scalar>) { context.give(mask: context.operand(0) .!= 0) }
}
