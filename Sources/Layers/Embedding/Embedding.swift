public import Tensor

/// Turns identifiers, such as those of words, into vectors: [batch, …] becomes [batch, …, outputDim].
///
/// ```swift
/// let model = Sequential<Float> {
///   Input(80)
///   Embedding(inputDim: 10_000, outputDim: 32, maskZero: true)
///   GlobalAveragePooling1D()
///   Dense(1, activation: .sigmoid)
/// }
/// ```
///
/// Identifiers are the integers from 0 up to the vocabulary's size, as integers or as the model's numbers. If another
/// is met, the computation throws ``LayerError/inputValue(layer:position:expected:found:)``.
/// - Complexity: O(rows looked up), in inference and, by gradient descent without momentum, in training. Other
///   optimizers go through the whole weight in every step.
public struct Embedding<Scalar: RealScalar>: Layer {
  /// The number of identifiers.
  public let inputDim: Int
  /// The length of the vectors.
  public let outputDim: Int
  /// Whether the identifier 0 is padding: the output's mask is false there.
  public let maskZero: Bool
  package var embeddingsWeight: Weight<Scalar>

  /// Creates a layer whose weights are not built yet.
  /// - Precondition: both lengths are at least 1, and `inputDim` is at most ``vocabularyLimit``.
  /// - Parameters:
  ///   - inputDim: the size of the vocabulary: the largest identifier plus 1.
  ///   - outputDim: the length of the vectors.
  ///   - embeddingsInitializer: the initializer of the vectors.
  ///   - embeddingsRegularizer: the penalty for the vectors that is added to the loss.
  ///   - embeddingsConstraint: the constraint that the vectors satisfy after every step.
  ///   - maskZero: whether the identifier 0 is padding.
  public init(
    inputDim: Int, outputDim: Int, embeddingsInitializer: Initializer<Scalar> = .randomUniform(),
    embeddingsRegularizer: Regularizer<Scalar>? = nil, embeddingsConstraint: Constraint<Scalar>? = nil,
    maskZero: Bool = false
  ) {
    require(
      1...Self.vocabularyLimit ~= inputDim,
      "Embedding: inputDim is \(inputDim); allowed: 1...\(Self.vocabularyLimit)")
    require(outputDim >= 1, "Embedding: outputDim is \(outputDim); allowed: integers of at least 1")
    self.inputDim = inputDim
    self.outputDim = outputDim
    self.maskZero = maskZero
    embeddingsWeight = Weight(
      "embeddings", initializer: embeddingsInitializer, regularizer: embeddingsRegularizer,
      constraint: embeddingsConstraint)
  }

  /// The largest vocabulary: all its identifiers are exact as numbers of the model. 16,777,216 in Float.
  public static var vocabularyLimit: Int { 1 << (Scalar.significandBitCount + 1) }

  /// The vectors, [inputDim, outputDim]; empty until the layer is built.
  public var embeddings: Tensor<Scalar> { embeddingsWeight.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape + [outputDim] }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try embeddingsWeight.build([inputDim, outputDim], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&embeddingsWeight)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let identifiers = try x.integers(in: 0..<inputDim)
    let vectors: Traced<Scalar> = try identifiers.applying(RowLookupOperation(), embeddingsWeight)
    return maskZero ? vectors.with(mask: try identifiers.applying(NonzeroMask())) : vectors
  }
}

private struct NonzeroMask<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  func forward(_ context: Context<Scalar>) { context.give(mask: context.integers(0) .!= 0) }
}
