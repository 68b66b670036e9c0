public import Tensor

/// Attention without projections: `softmax(query · keyᵀ) · value`: [batch, …, queries, features] and [batch, …, keys,
/// features] give [batch, …, queries, features of the values].
///
/// ```swift
/// let (query, value) = (Input<Float>(4, 16), Input<Float>(6, 16))
/// let model = try Functional(inputs: [query, value], outputs: Attention()(query, value))
/// ```
///
/// Values that a mask excludes do not count; results of queries that a mask excludes are 0.
/// - Complexity: O(queries · keys) time. Scores are computed in blocks, and never all at once, unless they are an output,
///   some of them are dropped, or the score mode is `concat`.
public struct Attention<Scalar: RealScalar>: AttentionLayer {
  /// How scores are computed.
  public enum ScoreMode: String, Hashable, Sendable, CaseIterable {
    /// The inner product of query and key.
    case dot
    /// The sum of tanh(query + key), multiplied by a weight.
    case concat
  }

  /// How scores are computed.
  public let scoreMode: ScoreMode
  /// The fraction of the scores that training drops.
  public let dropout: Double
  public var useCausalMask: Bool
  public var returnAttentionScores: Bool
  private var scaleWeight: Weight<Scalar>?
  private var scoreWeight: Weight<Scalar>?

  /// Creates a layer whose weights are not built yet.
  /// - Precondition: `dropout` is in 0...1.
  /// - Parameters:
  ///   - useScale: whether a weight multiplies the scores, or, with `concat`, the sums of query and key.
  ///   - scoreMode: how scores are computed.
  ///   - dropout: the fraction of the scores that training drops.
  ///   - useCausalMask: whether a query sees the keys up to its own place alone.
  ///   - returnAttentionScores: whether the probabilities are a second output, [batch, …, queries, keys].
  public init(
    useScale: Bool = false, scoreMode: ScoreMode = .dot, dropout: Double = 0, useCausalMask: Bool = false,
    returnAttentionScores: Bool = false
  ) {
    require((0...1).contains(dropout), "Attention: dropout is \(dropout); allowed: 0...1")
    self.scoreMode = scoreMode
    self.dropout = dropout
    self.useCausalMask = useCausalMask
    self.returnAttentionScores = returnAttentionScores
    if useScale { scaleWeight = Weight("scale", initializer: .ones) }
    if scoreMode == .concat { scoreWeight = Weight("concat_score_weight", initializer: .ones) }
  }

  /// Whether a weight multiplies the scores, or, with `concat`, the sums of query and key.
  public var useScale: Bool { scaleWeight != nil }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    try outputShapesOfScores(inputShapes)
  }

  public mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try scaleWeight?.build([], using: &generator)
    try scoreWeight?.build([], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    if scaleWeight != nil { try body(&scaleWeight!) }
    if scoreWeight != nil { try body(&scoreWeight!) }
  }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let (query, value) = (inputs[0], inputs[1])
    let key = inputs.count > 2 ? inputs[2] : value
    if let scoreWeight {
      var sum = try query.sums(with: key)
      if let scaleWeight { sum = try sum * scaleWeight }
      return try attended(inputs, scores: sum.activated(by: .tanh).sum(axis: -1) * scoreWeight, dropout: dropout)
    }
    let scaled = try scaleWeight.map { try query * $0 } ?? query
    guard returnAttentionScores || (dropout > 0 && query.isTraining) else {
      return try attended(inputs, scaled, key)
    }
    let outer = query.shape.dropLast(2).reduce(1, *)
    let (queries, keys) = (query.shape.suffix(2), key.shape.suffix(2))
    let products = try scaled.reshaped([outer] + queries).einsum("batd,basd->bats", key.reshaped([outer] + keys))
    let scores = try products.reshaped(query.shape.dropLast() + keys.prefix(1))
    return try attended(inputs, scores: scores, dropout: dropout)
  }

  /// Attention without scores that are kept.
  private func attended(
    _ inputs: [Traced<Scalar>], _ query: Traced<Scalar>, _ key: Traced<Scalar>
  ) throws -> [Traced<Scalar>] {
    let value = inputs[1]
    let masks = try valueMask(inputs)
    let heads = try [query, key, value].map { try $0.reshaped($0.shape.dropLast() + [1] + $0.shape.suffix(1)) }
    let operation = AttentionOperation<Scalar>(
      rule: AttentionRule(scale: 1, isCausal: useCausalMask, masked: .lowered), masks: masks.kinds)
    let result = try heads[0].results(of: operation, [heads[1], heads[2]] + masks.operands)[0]
    return [try withoutMaskedQueries(result.reshaped(query.shape.dropLast() + value.shape.suffix(1)), inputs)]
  }
}
