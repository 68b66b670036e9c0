public import Tensor

/// Attention whose scores are `Σ scale · tanh(query + key)`: [batch, …, queries, features] and [batch, …, keys, features]
/// give [batch, …, queries, features of the values].
///
/// Values that a mask excludes do not count; results of queries that a mask excludes are 0.
/// - Complexity: O(queries · keys · features) time and memory.
/// - Reference: Bahdanau, Cho, Bengio, "Neural machine translation by jointly learning to align and translate", ICLR
///   2015.
public struct AdditiveAttention<Scalar: RealScalar>: AttentionLayer {
  /// The fraction of the scores that training drops.
  public let dropout: Double
  public var useCausalMask: Bool
  public var returnAttentionScores: Bool
  private var scaleWeight: Weight<Scalar>?

  /// Creates a layer whose weights are not built yet.
  /// - Precondition: `dropout` is in 0...1.
  /// - Parameters:
  ///   - useScale: whether a weight multiplies each feature of tanh(query + key).
  ///   - dropout: the fraction of the scores that training drops.
  ///   - useCausalMask: whether a query sees the keys up to its own place alone.
  ///   - returnAttentionScores: whether the probabilities are a second output, [batch, …, queries, keys].
  public init(
    useScale: Bool = true, dropout: Double = 0, useCausalMask: Bool = false, returnAttentionScores: Bool = false
  ) {
    require((0...1).contains(dropout), "AdditiveAttention: dropout is \(dropout); allowed: 0...1")
    self.dropout = dropout
    self.useCausalMask = useCausalMask
    self.returnAttentionScores = returnAttentionScores
    if useScale { scaleWeight = Weight("scale", initializer: .glorotUniform) }
  }

  /// Whether a weight multiplies each feature of tanh(query + key).
  public var useScale: Bool { scaleWeight != nil }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let shapes = try outputShapesOfScores(inputShapes)
    if let scaleWeight, scaleWeight.isBuilt, scaleWeight.value.shape != inputShapes[0].suffix(1) {
      throw incompatible("queries of \(scaleWeight.value.count) features", inputShapes)
    }
    return shapes
  }

  public mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try scaleWeight?.build(inputShapes[0].suffix(1), using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    if scaleWeight != nil { try body(&scaleWeight!) }
  }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    var sums = try inputs[0].sums(with: inputs.count > 2 ? inputs[2] : inputs[1]).activated(by: .tanh)
    if let scaleWeight { sums = try sums * scaleWeight }
    return try attended(inputs, scores: sums.sum(axis: -1), dropout: dropout)
  }
}
