public import Tensor

/// ``MultiHeadAttention`` in which several heads of queries share a head of keys and values: [batch, queries, features]
/// and [batch, keys, features] give [batch, queries, features].
///
/// - Complexity: that of ``MultiHeadAttention``, with fewer projections of keys and values.
/// - Reference: Ainslie et al., "GQA: training generalized multi-query transformer models", EMNLP 2023.
public struct GroupQueryAttention<Scalar: RealScalar>: AttentionLayer, CompositeLayer {
  /// The size of a head.
  public let headDim: Int
  /// The number of heads of queries.
  public let numQueryHeads: Int
  /// The number of heads of keys and values, which divides that of queries.
  public let numKeyValueHeads: Int
  /// The fraction of the scores that training drops.
  public let dropout: Double
  /// If given, queries see the keys at smaller distances alone.
  public let slidingWindow: Int?
  public var useCausalMask: Bool
  public var returnAttentionScores: Bool
  /// If given, 2 or 3: the place of the last input, which says by numbers other than 0 which keys each query sees, [batch,
  /// queries, keys]; with 2, the values are the keys.
  public package(set) var attentionMaskInput: Int?
  /// The penalty for the projections that is added to the loss.
  public let activityRegularizer: Regularizer<Scalar>?
  package var attention: ProjectedAttention<Scalar>

  /// Creates a layer whose weights are not built yet.
  /// - Precondition: the size and the numbers of heads are at least 1, `numKeyValueHeads` divides `numQueryHeads`, and
  ///   `dropout` is in 0...1.
  /// - Parameters:
  ///   - headDim: the size of a head.
  ///   - numQueryHeads: the number of heads of queries.
  ///   - numKeyValueHeads: the number of heads of keys and values.
  ///   - dropout: the fraction of the scores that training drops.
  ///   - useBias: whether the projections have biases.
  ///   - useGate: whether the result is multiplied by the sigmoid of a projection of the queries.
  ///   - slidingWindow: if given, queries see the keys at smaller distances alone.
  ///   - useCausalMask: whether a query sees the keys up to its own place alone.
  ///   - returnAttentionScores: whether the probabilities are a second output, [batch, heads, queries, keys].
  ///   - attentionMaskInput: the place of an input that says which keys each query sees: 2, or 3 behind keys.
  ///   - kernelInitializer: the initializer of all kernels.
  ///   - biasInitializer: the initializer of all biases.
  ///   - kernelRegularizer: the penalty for each kernel.
  ///   - biasRegularizer: the penalty for each bias.
  ///   - activityRegularizer: the penalty for each projection.
  ///   - kernelConstraint: the constraint of all kernels.
  ///   - biasConstraint: the constraint of all biases.
  public init(
    headDim: Int, numQueryHeads: Int, numKeyValueHeads: Int, dropout: Double = 0, useBias: Bool = true,
    useGate: Bool = false, slidingWindow: Int? = nil, useCausalMask: Bool = false, returnAttentionScores: Bool = false,
    attentionMaskInput: Int? = nil, kernelInitializer: Initializer<Scalar> = .glorotUniform,
    biasInitializer: Initializer<Scalar> = .zeros, kernelRegularizer: Regularizer<Scalar>? = nil,
    biasRegularizer: Regularizer<Scalar>? = nil, activityRegularizer: Regularizer<Scalar>? = nil,
    kernelConstraint: Constraint<Scalar>? = nil, biasConstraint: Constraint<Scalar>? = nil
  ) {
    require(headDim >= 1, "GroupQueryAttention: headDim is \(headDim); allowed: integers of at least 1")
    require(
      numQueryHeads >= 1 && numKeyValueHeads >= 1 && numQueryHeads.isMultiple(of: numKeyValueHeads),
      "GroupQueryAttention: numQueryHeads is \(numQueryHeads), numKeyValueHeads \(numKeyValueHeads); "
        + "allowed: integers of at least 1, the first a multiple of the second")
    require(
      2...3 ~= attentionMaskInput ?? 2,
      "GroupQueryAttention: attentionMaskInput is \(attentionMaskInput ?? 0); allowed: 2 and 3")
    require((0...1).contains(dropout), "GroupQueryAttention: dropout is \(dropout); allowed: 0...1")
    require(
      (slidingWindow ?? 1) >= 1,
      "GroupQueryAttention: slidingWindow is \(slidingWindow ?? 0); allowed: integers of at least 1")
    self.headDim = headDim
    self.numQueryHeads = numQueryHeads
    self.numKeyValueHeads = numKeyValueHeads
    self.dropout = dropout
    self.slidingWindow = slidingWindow
    self.useCausalMask = useCausalMask
    self.returnAttentionScores = returnAttentionScores
    self.attentionMaskInput = attentionMaskInput
    self.activityRegularizer = activityRegularizer
    let query = EinsumDense<Scalar>(
      "...a,abc->...bc", outputShape: [numQueryHeads, headDim], biasAxes: useBias ? "bc" : nil,
      kernelInitializer: kernelInitializer, biasInitializer: biasInitializer, kernelRegularizer: kernelRegularizer,
      biasRegularizer: biasRegularizer, kernelConstraint: kernelConstraint, biasConstraint: biasConstraint)
    let key = query.intoHeads(numKeyValueHeads, size: headDim)
    attention = ProjectedAttention(
      query: query, key: key, value: key, gate: useGate ? query : nil, heads: numQueryHeads,
      keyHeads: numKeyValueHeads, size: headDim, valueSize: headDim, dropout: dropout, window: slidingWindow, axes: [1],
      outputShape: nil, activityRegularizer: activityRegularizer)
  }

  /// Whether the projections have biases.
  public var useBias: Bool { attention.query.biasWeight != nil }
  /// Whether the result is multiplied by the sigmoid of a projection of the queries.
  public var useGate: Bool { attention.gate != nil }

  public var parts: [LayerPart<Scalar>] {
    attention.parts.map { name, layer in
      LayerPart(name == "attention_output" ? "_output_dense" : "_\(name)_dense", layer)
    }
  }

  public var isBuilt: Bool { attention.isBuilt }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let allowed = attentionMaskInput.map { $0 + 1...$0 + 1 } ?? 2...3
    guard allowed.contains(inputShapes.count) else {
      throw LayerError.inputCount(layer: className, expected: allowed.lowerBound, found: inputShapes.count)
    }
    guard inputShapes[0].count == 2, inputShapes[1].last == inputShapes[0][1] else {
      throw incompatible("[batch, queries, features] and [batch, keys, features]", inputShapes)
    }
    let mask = attentionMaskInput.map { inputShapes[$0] }
    return try attention.checkedShapes(mask == nil ? inputShapes : inputShapes.dropLast(), mask: mask, self)
  }

  public mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try attention.build(attentionMaskInput == nil ? inputShapes : inputShapes.dropLast(), using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try attention.forEachWeight(body)
  }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let mask = attentionMaskInput.map { inputs[$0] }
    return try attention.call(mask == nil ? inputs : inputs.dropLast(), mask: mask, self)
  }
}

extension GroupQueryAttention: DifferentlyNamedLayer {
  static var pythonName: String { "GroupedQueryAttention" }
}
