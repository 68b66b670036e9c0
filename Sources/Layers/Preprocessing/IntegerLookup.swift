public import Tensor

/// Numbers integers by their places in a vocabulary: what Keras calls tokens become categories.
///
/// ```swift
/// let lookup = IntegerLookup<Float>(vocabulary: [12, 36, 1138])
/// let numbers = try lookup([[36, 1138, 7]])    // [[2, 3, 0]]: 0 is for those that are not in the vocabulary
/// ```
///
/// Integers that are not in the vocabulary share `numOOVIndices` numbers before those of the vocabulary; without such,
/// they throw ``LayerError/inputValue(layer:position:expected:found:)``. With a mask token, it has the number 0, before
/// all others; if rows are given, it has no place in them.
public struct IntegerLookup<Scalar: RealScalar>: Layer {
  package var table: TokenTable<Int>
  /// Whether numbers are turned into the integers of the vocabulary.
  public let invert: Bool

  /// - Parameters:
  ///   - vocabulary: the integers, each once; more can be learnt by ``adapt(to:)`` if there are none.
  ///   - maxTokens: the largest number of numbers, those before the vocabulary included.
  ///   - numOOVIndices: how many numbers there are for integers that are not in the vocabulary.
  ///   - maskToken: the integer that marks what does not count.
  ///   - oovToken: the integer that an inverted lookup gives for what is not in the vocabulary.
  ///   - invert: whether numbers are turned into integers.
  ///   - outputMode: what is given for a sample.
  ///   - padToMaxTokens: whether rows have the length `maxTokens` even if there are fewer numbers.
  ///   - idfWeights: a weight for each integer of the vocabulary, with `tfIDF`.
  /// - Precondition: no integer is in the vocabulary twice, and the numbers fit the vocabulary's size.
  public init(
    vocabulary: [Int] = [], maxTokens: Int? = nil, numOOVIndices: Int = 1, maskToken: Int? = nil, oovToken: Int = -1,
    invert: Bool = false, outputMode: CategoryOutput = .integer, padToMaxTokens: Bool = false,
    idfWeights: [Double]? = nil
  ) {
    self.invert = invert
    let options = TokenTable<Int>.Options(
      maxTokens: maxTokens, oovCount: numOOVIndices, mask: maskToken, oov: oovToken, output: outputMode,
      isPadded: padToMaxTokens)
    do throws(TokenTable<Int>.Mistake) {
      table = try TokenTable(vocabulary, options, weights: idfWeights)
    } catch {
      trap("IntegerLookup: \(error.text)")
    }
    require(!invert || outputMode == .integer, "IntegerLookup: outputMode is \(outputMode); inverted, it is integer")
  }

  package init(_ table: TokenTable<Int>, invert: Bool) { (self.table, self.invert) = (table, invert) }

  /// The vocabulary, without the numbers before it.
  public var vocabulary: [Int] { table.tokens }

  /// Learns the vocabulary from data: the most frequent integers first, of equally frequent ones the larger.
  public mutating func adapt(to data: Tensor<Int64>) {
    let rows = data.rank > 1 ? (0..<data.shape[0]).map { data[$0].scalars } : [data.scalars]
    table.learn(rows.map { $0.map { Int($0) } }, <)
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape(ofCategories: inputShape, table.options.output, table.depth)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let (table, layer, invert) = (table, className, invert)
    let expected =
      "an integer"
      + (table.options.oovCount == 0 && !invert ? " of the vocabulary" : "")
    return try x.applying(
      CategoryOperation(
        output: table.options.output, depth: table.depth, weights: table.weights, shape: try outputShape(for: x.shape)
      ) { operands in
        try table.requireTokens(layer)
        return try operands[0].categories(of: layer, expected) { element in
          guard let integer = element.exactInteger else { return nil }
          return invert ? table.token(integer) : table.number(integer) { $0 }
        }
      })
  }
}
