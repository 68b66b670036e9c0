public import Tensor

/// Attention of several heads: `softmax(query · keyᵀ / √keyDim) · value` between projections of queries, keys and values,
/// and a projection of the result: [batch, queries, features] and [batch, keys, features] give [batch, queries, units].
///
/// ```swift
/// let x = Input<Float>(20, 64)
/// let attended = MultiHeadAttention(numHeads: 4, keyDim: 16, useCausalMask: true)(x, x)
/// ```
///
/// If the scores of a query are all masked, it gets the mean of all values, or 0 with a `dropout` above 0 and if the scores
/// are an output, as in Keras. The scores are computed in blocks, and never all at once, unless they are an output, some of
/// them are dropped, or there are masks and a `dropout` above 0.
/// - Complexity: O(queries · keys) time. Memory for the projections, and in training for two numbers per head and query.
/// - Reference: Vaswani et al., "Attention is all you need", NeurIPS 2017; Dao et al., "FlashAttention", NeurIPS 2022.
public struct MultiHeadAttention<Scalar: RealScalar>: AttentionLayer, CompositeLayer {
  /// The number of heads.
  public let numHeads: Int
  /// The size of a head of queries and keys.
  public let keyDim: Int
  /// The size of a head of values.
  public let valueDim: Int
  /// The fraction of the scores that training drops.
  public let dropout: Double
  /// The shape of the output behind the axes of the steps; `nil` for the queries' features.
  public let units: [Int]?
  /// The axes along which queries look at keys, numbered from the batch axis, which is 0; `nil` for all but the last.
  public let attentionAxes: [Int]?
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
  /// - Precondition: sizes and the number of heads are at least 1, `dropout` is in 0...1.
  /// - Parameters:
  ///   - numHeads: the number of heads.
  ///   - keyDim: the size of a head of queries and keys.
  ///   - valueDim: the size of a head of values; `keyDim` by default.
  ///   - dropout: the fraction of the scores that training drops.
  ///   - useBias: whether the projections have biases.
  ///   - useGate: whether the result is multiplied by the sigmoid of a projection of the queries.
  ///   - units: the shape of the output behind the axes of the steps; the queries' features by default.
  ///   - attentionAxes: the axes along which queries look at keys, numbered from the batch axis; all by default.
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
    numHeads: Int, keyDim: Int, valueDim: Int? = nil, dropout: Double = 0, useBias: Bool = true, useGate: Bool = false,
    units: [Int]? = nil, attentionAxes: [Int]? = nil, slidingWindow: Int? = nil, useCausalMask: Bool = false,
    returnAttentionScores: Bool = false, attentionMaskInput: Int? = nil,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, biasInitializer: Initializer<Scalar> = .zeros,
    kernelRegularizer: Regularizer<Scalar>? = nil, biasRegularizer: Regularizer<Scalar>? = nil,
    activityRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    biasConstraint: Constraint<Scalar>? = nil
  ) {
    for (name, size) in [("numHeads", numHeads), ("keyDim", keyDim), ("valueDim", valueDim ?? 1)] {
      require(size >= 1, "MultiHeadAttention: \(name) is \(size); allowed: integers of at least 1")
    }
    require(
      2...3 ~= attentionMaskInput ?? 2,
      "MultiHeadAttention: attentionMaskInput is \(attentionMaskInput ?? 0); allowed: 2 and 3")
    require((0...1).contains(dropout), "MultiHeadAttention: dropout is \(dropout); allowed: 0...1")
    require(
      units.map { 1...30 ~= $0.count && $0.allSatisfy { $0 >= 1 } } ?? true,
      "MultiHeadAttention: units are \(units ?? []); allowed: up to 30 lengths of at least 1")
    require(
      (slidingWindow ?? 1) >= 1,
      "MultiHeadAttention: slidingWindow is \(slidingWindow ?? 0); allowed: integers of at least 1")
    if let attentionAxes { requireBehindBatch(attentionAxes, "MultiHeadAttention") }
    self.numHeads = numHeads
    self.keyDim = keyDim
    self.valueDim = valueDim ?? keyDim
    self.dropout = dropout
    self.units = units
    self.attentionAxes = attentionAxes
    self.slidingWindow = slidingWindow
    self.useCausalMask = useCausalMask
    self.returnAttentionScores = returnAttentionScores
    self.attentionMaskInput = attentionMaskInput
    self.activityRegularizer = activityRegularizer
    let query = EinsumDense<Scalar>(
      "...a,abc->...bc", outputShape: [numHeads, keyDim], biasAxes: useBias ? "bc" : nil,
      kernelInitializer: kernelInitializer, biasInitializer: biasInitializer, kernelRegularizer: kernelRegularizer,
      biasRegularizer: biasRegularizer, kernelConstraint: kernelConstraint, biasConstraint: biasConstraint)
    attention = ProjectedAttention(
      query: query, key: query, value: query.intoHeads(numHeads, size: self.valueDim),
      gate: useGate ? query.intoHeads(numHeads, size: self.valueDim) : nil, heads: numHeads, keyHeads: numHeads,
      size: keyDim, valueSize: self.valueDim, dropout: dropout, window: slidingWindow, axes: attentionAxes,
      outputShape: units, activityRegularizer: activityRegularizer)
  }

  /// Whether the projections have biases.
  public var useBias: Bool { attention.query.biasWeight != nil }
  /// Whether the result is multiplied by the sigmoid of a projection of the queries.
  public var useGate: Bool { attention.gate != nil }

  public var parts: [LayerPart<Scalar>] {
    attention.parts.map { name, layer in
      LayerPart(name == "attention_output" ? "output_dense" : name == "gate" ? "_gate_dense" : "\(name)_dense", layer)
    }
  }

  public var isBuilt: Bool { attention.isBuilt }

  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let allowed = attentionMaskInput.map { $0 + 1...$0 + 1 } ?? 2...3
    guard allowed.contains(inputShapes.count) else {
      throw LayerError.inputCount(layer: className, expected: allowed.lowerBound, found: inputShapes.count)
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
