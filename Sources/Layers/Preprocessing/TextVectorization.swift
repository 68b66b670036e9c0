public import Tensor

/// Turns texts into numbers of words: it changes letters to small ones, removes punctuation, splits texts into words, and
/// looks these up in a vocabulary.
///
/// ```swift
/// var vectorization = TextVectorization<Float>(outputSequenceLength: 4)
/// vectorization.adapt(to: ["The cat sat.", "The dog!"])
/// let numbers = try vectorization(["the dog sat", "a cat"])    // [[2, 4, 3, 0], [1, 5, 0, 0]]
/// ```
///
/// 0 fills sequences up to their length, 1 stands for words that are not in the vocabulary. As in Keras, only ASCII has
/// letters, punctuation and white space.
public struct TextVectorization<Scalar: RealScalar>: TextLayer {
  /// What is done to a text first.
  public enum Standardization: String, CaseIterable, Hashable, Sendable {
    /// Both of the others.
    case lowerAndStripPunctuation = "lower_and_strip_punctuation"
    /// Letters become small ones.
    case lower
    /// Punctuation is removed.
    case stripPunctuation = "strip_punctuation"
  }

  /// What the tokens of a text are.
  public enum Split: String, CaseIterable, Hashable, Sendable {
    /// Words between white space.
    case whitespace
    /// Unicode's scalars.
    case character
  }

  package var table: TokenTable<[UInt8]>
  /// What is done to a text first; nothing if it is `nil`.
  public let standardize: Standardization?
  /// What the tokens of a text are; the whole text if it is `nil`.
  public let split: Split?
  /// How many neighbouring tokens are joined to one, for each of these numbers; `nil` for single tokens.
  public let ngrams: [Int]?
  /// The length to which sequences are cut or filled up; `nil` for that of the longest, which only a layer without a
  /// model can have.
  public private(set) var outputSequenceLength: Int?

  /// - Parameters:
  ///   - maxTokens: the largest number of numbers, the first two included.
  ///   - standardize: what is done to a text first.
  ///   - split: what the tokens of a text are.
  ///   - ngrams: how many neighbouring tokens are joined to one, such as `[1, 2]`.
  ///   - outputMode: what is given for a text: numbers, or a row of the length of the vocabulary.
  ///   - outputSequenceLength: the length of sequences of numbers.
  ///   - padToMaxTokens: whether rows have the length `maxTokens` even if there are fewer numbers.
  ///   - vocabulary: the tokens, each once; they can be learnt by ``adapt(to:)`` if there are none.
  ///   - idfWeights: a weight for each token of the vocabulary, with `tfIDF`.
  /// - Precondition: lengths and numbers are at least 1, the output is not one-hot, and no token is in the vocabulary
  ///   twice.
  public init(
    maxTokens: Int? = nil, standardize: Standardization? = .lowerAndStripPunctuation, split: Split? = .whitespace,
    ngrams: [Int]? = nil, outputMode: CategoryOutput = .integer, outputSequenceLength: Int? = nil,
    padToMaxTokens: Bool = false, vocabulary: [String] = [], idfWeights: [Double]? = nil
  ) {
    let options = Self.options(maxTokens, outputMode, isPadded: padToMaxTokens)
    do throws(TokenTable<[UInt8]>.Mistake) {
      table = try TokenTable(vocabulary.map { Array($0.utf8) }, options, weights: idfWeights)
    } catch {
      trap("TextVectorization: \(error.text)")
    }
    (self.standardize, self.split, self.ngrams) = (standardize, split, ngrams)
    self.outputSequenceLength = outputSequenceLength
    require(
      outputSequenceLength ?? 1 >= 1,
      "TextVectorization: outputSequenceLength is \(outputSequenceLength ?? 0); allowed: integers of at least 1")
    require(
      ngrams.map { !$0.isEmpty && $0.allSatisfy { $0 >= 1 } } ?? true,
      "TextVectorization: ngrams are \(ngrams ?? []); allowed: integers of at least 1")
    require(outputMode != .oneHot, "TextVectorization: outputMode is oneHot; allowed: all others")
  }

  package init(
    _ table: TokenTable<[UInt8]>, _ standardize: Standardization?, _ split: Split?, ngrams: [Int]?, length: Int?
  ) {
    (self.table, self.standardize, self.split) = (table, standardize, split)
    (self.ngrams, outputSequenceLength) = (ngrams, length)
  }

  /// The options of the vocabulary: 0 is for nothing, 1 for unknown tokens.
  package static func options(
    _ maxTokens: Int?, _ output: CategoryOutput, isPadded: Bool
  ) -> TokenTable<[UInt8]>.Options {
    TokenTable.Options(
      maxTokens: maxTokens, oovCount: 1, mask: [], oov: Array("[UNK]".utf8), output: output, isPadded: isPadded)
  }

  /// The vocabulary, without the tokens before it.
  public var vocabulary: [String] { table.tokens.map { String(decoding: $0, as: UTF8.self) } }

  /// Learns the vocabulary from texts: the most frequent tokens first, of equally frequent ones the last by their bytes.
  public mutating func adapt(to texts: [String]) {
    table.learn(texts.map { tokens(Array($0.utf8)) }) { $0.lexicographicallyPrecedes($1) }
  }

  /// Returns the numbers of the tokens of texts, or a row for each text.
  /// - Throws: ``LayerError`` without a vocabulary.
  public func callAsFunction(_ texts: [String]) throws -> Tensor<Scalar> {
    var layer = self
    if outputSequenceLength == nil {
      layer.outputSequenceLength = max(1, texts.map { tokens(Array($0.utf8)).count }.max() ?? 1)
    }
    return try layer(Tensor<Scalar>(texts: texts))
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try requireTexts(inputShape)
    guard inputShape.count == 1 || inputShape.count == 2 && inputShape[0] == 1 else {
      throw unexpectedShape("[batch, bytes] or [batch, 1, bytes], a text for each sample", inputShape)
    }
    if table.options.output != .integer { return [table.depth] }
    guard let outputSequenceLength else {
      throw LayerError.notBuilt(
        model: className, reason: "a model needs sequences of one length; give outputSequenceLength")
    }
    return [outputSequenceLength]
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let (layer, shape) = (self, try outputShape(for: x.shape))
    let operation = CategoryOperation<Scalar>(
      output: table.options.output, depth: table.depth, weights: table.weights, shape: shape
    ) { operands in
      try layer.table.requireTokens(layer.className)
      let numbers = try operands[0].texts(for: layer.className).map { text in
        layer.tokens(text).map { layer.table.number($0, nil) ?? -1 }
      }
      let isInteger = layer.table.options.output == .integer
      let length = isInteger ? shape[0] : numbers.map(\.count).max() ?? 0
      return numbers.flatMap { row in
        row.prefix(length) + [Int](repeating: isInteger ? 0 : -1, count: max(0, length - row.count))
      }
    }
    return try x.applying(operation)
  }

  // MARK: Tokens

  /// The tokens of a text.
  func tokens(_ text: [UInt8]) -> [[UInt8]] {
    let parts = parts(standardized(text))
    guard let ngrams else { return parts }
    return ngrams.flatMap { count in
      parts.count < count
        ? [] : (0...(parts.count - count)).map { Array(parts[$0..<$0 + count].joined(separator: [32])) }
    }
  }

  private func standardized(_ text: [UInt8]) -> [UInt8] {
    var text = text
    if standardize == .lower || standardize == .lowerAndStripPunctuation {
      text = text.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }
    if standardize == .stripPunctuation || standardize == .lowerAndStripPunctuation {
      text.removeAll {
        (33...47).contains($0) || (58...64).contains($0) || (91...96).contains($0) || (123...126).contains($0)
      }
    }
    return text
  }

  private func parts(_ text: [UInt8]) -> [[UInt8]] {
    switch split {
    case nil: [text]
    case .whitespace: text.split { $0 == 32 || (9...13).contains($0) }.map(Array.init)
    case .character: String(decoding: text, as: UTF8.self).unicodeScalars.map { Array(String($0).utf8) }
    }
  }
}
