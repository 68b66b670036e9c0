public import Tensor

/// A layer in which queries look at keys and get a mean of their values: ``MultiHeadAttention``,
/// ``GroupQueryAttention``, ``Attention`` and ``AdditiveAttention``.
///
/// Its inputs are queries, values and, if they are not the values, keys, in Keras's order: `attention([query, value])`,
/// `attention([query, value, key])`. The masks of the inputs are used; the output has that of the queries.
///
/// ```swift
/// let x = Input<Float>(20, 64)
/// let attended = MultiHeadAttention(numHeads: 4, keyDim: 16)(x, x)
/// let model = try Functional(inputs: x, outputs: LayerNormalization()(Add()(x, attended)))
/// ```
public protocol AttentionLayer<Scalar>: Layer {
  /// Whether a query sees the keys up to its own place alone: Keras's argument of calls.
  var useCausalMask: Bool { get set }
  /// Whether the probabilities are a second output: Keras's argument of calls.
  var returnAttentionScores: Bool { get set }
}

extension AttentionLayer {
  public var outputCount: Int { returnAttentionScores ? 2 : 1 }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try outputShapes(for: [inputShape])[0] }
  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try build(inputShapes: [inputShape], using: &generator)
  }
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try call([x])[0] }

  /// Applies the layer to tensors of a model.
  /// - Parameter query: the queries.
  /// - Parameter value: the values, and the keys if there are no others.
  /// - Parameter key: the keys.
  public func callAsFunction(
    _ query: Symbol<Scalar>, _ value: Symbol<Scalar>, key: Symbol<Scalar>? = nil
  ) -> Symbol<Scalar> {
    self([query, value] + (key.map { [$0] } ?? []))
  }

  /// Returns the output for batches, in inference.
  /// - Throws: ``LayerError`` if the layer does not accept the inputs.
  public func callAsFunction(
    _ query: Tensor<Scalar>, _ value: Tensor<Scalar>, key: Tensor<Scalar>? = nil
  ) throws -> Tensor<Scalar> {
    var generator = PhiloxGenerator(seed: 0)
    return try computed([query, value] + (key.map { [$0] } ?? []), training: false, using: &generator)[0]
  }

  /// The scores' mask from those of the inputs, of which the keys' are not used by every layer.
  func masks(_ inputs: [Traced<Scalar>], usesKeyMask: Bool) throws -> AttentionMasks<Scalar> {
    var masks = AttentionMasks(query: inputs[0].mask, key: inputs[1].mask)
    if usesKeyMask, inputs.count > 2, let mask = inputs[2].mask {
      masks.key = try masks.key.map { try $0.and(mask) } ?? mask
    }
    return masks
  }

  func incompatible(_ expected: String, _ inputShapes: [[Int]]) -> LayerError {
    .inputShapes(layer: className, expected: expected, found: inputShapes.map(batchDescription))
  }
}
