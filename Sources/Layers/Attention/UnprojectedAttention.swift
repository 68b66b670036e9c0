import Activations
import Tensor

// What Attention and AdditiveAttention have in common: queries, values and keys [batch, …, steps, features].

extension Traced {
  /// The sum of each query and each key: [batch, …, queries, keys, features].
  func sums(with key: Traced) throws -> Traced {
    let (rank, own, other) = (shape.count, shape, key.shape)
    return try reshaped(own.prefix(rank - 1) + [1] + own.suffix(1))
      + key.reshaped(other.prefix(rank - 2) + [1] + other.suffix(2))
  }
}

extension AttentionLayer {
  func outputShapesOfScores(_ inputShapes: [[Int]]) throws -> [[Int]] {
    guard 2...3 ~= inputShapes.count else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    let (query, value) = (inputShapes[0], inputShapes[1])
    let key = inputShapes.count > 2 ? inputShapes[2] : value
    guard query.count >= 2, value.count == query.count, key.dropLast() == value.dropLast(),
      query.dropLast(2) == value.dropLast(2), query.last == key.last
    else {
      throw incompatible(
        "[batch, queries, features], [batch, keys, any features] and, for keys, [batch, keys, features]", inputShapes)
    }
    let output = Array(query.dropLast() + value.suffix(1))
    return returnAttentionScores ? [output, Array(query.dropLast() + value.suffix(2).prefix(1))] : [output]
  }

  /// The mask of the scores: that of the values.
  func valueMask(_ inputs: [Traced<Scalar>]) throws -> AttentionMasks<Scalar> {
    var masks = try masks(inputs, usesKeyMask: false)
    masks.query = nil
    if masks.key != nil, inputs[0].shape.count > 2 || masks.key!.shape.count != 1 {
      throw incompatible("[batch, steps, features], as the values have a mask", inputs.map(\.shape))
    }
    return masks
  }

  /// The result with 0 for queries that their mask excludes, and with that mask.
  func withoutMaskedQueries(_ result: Traced<Scalar>, _ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    guard let mask = inputs[0].mask else { return result }
    return try result.replaced(outside: mask, by: 0).with(mask: mask)
  }

  /// The outputs for scores [.., queries, keys].
  func attended(
    _ inputs: [Traced<Scalar>], scores: Traced<Scalar>, dropout: Double
  ) throws -> [Traced<Scalar>] {
    let value = inputs[1]
    let (rank, queries, keys) = (scores.shape.count, scores.shape.suffix(2).prefix(1), scores.shape.suffix(1))
    let outer = scores.shape.prefix(rank - 2).reduce(1, *)
    let flat = try scores.reshaped([outer] + queries + keys)
    let rule = AttentionRule(scale: 1, isCausal: useCausalMask, masked: .lowered)
    let probabilities = try flat.probabilities(rule, valueMask(inputs))
    let kept = try probabilities.afterDropout(dropout)
    let result = try kept.einsum("bats,basd->batd", value.reshaped([outer] + value.shape.suffix(2)))
    let output = try withoutMaskedQueries(result.reshaped(scores.shape.dropLast() + value.shape.suffix(1)), inputs)
    return returnAttentionScores ? [output, try probabilities.reshaped(scores.shape)] : [output]
  }
}
