public import Tensor

/// Numbers texts by their places in a vocabulary.
///
/// ```swift
/// let lookup = StringLookup<Float>(vocabulary: ["red", "green"])
/// let numbers = try lookup(["green", "blue"])    // [2, 0]: 0 is for those that are not in the vocabulary
/// ```
///
/// Texts are compared byte by byte. Otherwise it is as ``IntegerLookup``; Keras's inverted lookup, from numbers to texts, is
/// ``vocabulary``.
public struct StringLookup<Scalar: RealScalar>: TextLayer {
  package var table: TokenTable<[UInt8]>
  /// The key of the hash by which texts that are not in the vocabulary share numbers, two integers; `nil` for a hash
  /// without one.
  public let salt: [Int]?

  /// - Parameters:
  ///   - vocabulary: the texts, each once; they can be learnt by ``adapt(to:)`` if there are none.
  ///   - maxTokens: the largest number of numbers, those before the vocabulary included.
  ///   - numOOVIndices: how many numbers there are for texts that are not in the vocabulary.
  ///   - maskToken: the text that marks what does not count.
  ///   - oovToken: the text that stands in a file's vocabulary for those that are not in it.
  ///   - outputMode: what is given for a sample.
  ///   - padToMaxTokens: whether rows have the length `maxTokens` even if there are fewer numbers.
  ///   - idfWeights: a weight for each text of the vocabulary, with `tfIDF`.
  ///   - salt: the key of the hash.
  /// - Precondition: no text is in the vocabulary twice, and the numbers fit the vocabulary's size.
  public init(
    vocabulary: [String] = [], maxTokens: Int? = nil, numOOVIndices: Int = 1, maskToken: String? = nil,
    oovToken: String = "[UNK]", outputMode: CategoryOutput = .integer, padToMaxTokens: Bool = false,
    idfWeights: [Double]? = nil, salt: [Int]? = nil
  ) {
    require(salt?.count ?? 2 == 2, "StringLookup: the salt is \(salt ?? []); allowed: two integers")
    let options = TokenTable<[UInt8]>.Options(
      maxTokens: maxTokens, oovCount: numOOVIndices, mask: maskToken.map { Array($0.utf8) }, oov: Array(oovToken.utf8),
      output: outputMode, isPadded: padToMaxTokens)
    do throws(TokenTable<[UInt8]>.Mistake) {
      table = try TokenTable(vocabulary.map { Array($0.utf8) }, options, weights: idfWeights)
    } catch {
      trap("StringLookup: \(error.text)")
    }
    self.salt = salt
  }

  package init(_ table: TokenTable<[UInt8]>, salt: [Int]?) { (self.table, self.salt) = (table, salt) }

  /// The vocabulary, without the texts before it.
  public var vocabulary: [String] { table.tokens.map { String(decoding: $0, as: UTF8.self) } }

  /// Learns the vocabulary from texts: the most frequent first, of equally frequent ones the last by their bytes.
  public mutating func adapt(to texts: [String]) {
    table.learn(texts.map { [Array($0.utf8)] }) { $0.lexicographicallyPrecedes($1) }
  }

  /// Returns the numbers of texts, or rows for them.
  /// - Throws: ``LayerError`` without a vocabulary, and for a text that has no number.
  public func callAsFunction(_ texts: [String]) throws -> Tensor<Scalar> { try self(Tensor(texts: texts)) }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try requireTexts(inputShape)
    return try shape(ofCategories: Array(inputShape.dropLast()), table.options.output, table.depth)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let (table, layer, salt) = (table, className, salt)
    let operation = CategoryOperation<Scalar>(
      output: table.options.output, depth: table.depth, weights: table.weights, shape: try outputShape(for: x.shape)
    ) { operands in
      try table.requireTokens(layer)
      return try operands[0].texts(for: layer).enumerated().map { place, text in
        if let number = table.number(text, salt) { return number }
        throw LayerError.inputValue(
          layer: layer, position: position(ofElement: place, in: operands[0].shape.dropLast()),
          expected: "a text of the vocabulary", found: String(decoding: text, as: UTF8.self).debugDescription)
      }
    }
    return try x.applying(operation)
  }
}

extension TokenTable<[UInt8]> {
  /// The number of a text; see ``number(_:_:)``.
  func number(_ text: [UInt8], _ salt: [Int]?) -> Int? {
    number(text) { text in
      let key = salt.map { (UInt64(bitPattern: Int64($0[0])), UInt64(bitPattern: Int64($0[1]))) }
      let hash = key.map { TokenHash.keyed(text, $0) } ?? TokenHash.fingerprint(text)
      return Int(hash % UInt64(options.oovCount))
    }
  }
}
