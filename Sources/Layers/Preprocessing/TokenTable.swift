internal import Glibc
internal import Tensor

/// A vocabulary, and the numbers of its tokens: first that of the mask token, then those of tokens that are not in the
/// vocabulary, then its own.
package struct TokenTable<Token: Hashable & Sendable>: Sendable {
  package struct Options: Sendable {
    package var maxTokens: Int?
    package var oovCount: Int
    package var mask: Token?
    package var oov: Token
    package var output: CategoryOutput
    package var isPadded: Bool

    package init(
      maxTokens: Int?, oovCount: Int, mask: Token?, oov: Token, output: CategoryOutput, isPadded: Bool
    ) {
      (self.maxTokens, self.oovCount, self.mask) = (maxTokens, oovCount, mask)
      (self.oov, self.output, self.isPadded) = (oov, output, isPadded)
    }

    /// The numbers before those of the vocabulary. Rows have no place for the mask token.
    var start: Int { (mask != nil && output == .integer ? 1 : 0) + oovCount }
  }

  package struct Mistake: Error {
    package let text: String
  }

  package let options: Options
  package private(set) var tokens: [Token] = []
  /// The weights of all numbers.
  package private(set) var weights: [Double]?
  /// The weights as they were given.
  package private(set) var givenWeights: [Double]?
  /// The length of rows that a file says, until the vocabulary is known.
  package var expectedSize: Int?
  private var places: [Token: Int] = [:]

  /// - Parameter given: the vocabulary, or none; it may begin with the tokens before it.
  package init(_ given: [Token], _ options: Options, weights: [Double]? = nil) throws(Mistake) {
    self.options = options
    func check(_ condition: Bool, _ text: @autoclosure () -> String) throws(Mistake) {
      if !condition { throw Mistake(text: text()) }
    }
    try check(options.maxTokens ?? 2 > 1, "maxTokens is \(options.maxTokens ?? 0); allowed: integers of at least 2")
    try check(0...1_000_000 ~= options.oovCount, "numOOVIndices is \(options.oovCount); allowed: 0...1000000")
    try check(!options.isPadded || options.maxTokens != nil, "padToMaxTokens without maxTokens")
    try check(
      (weights == nil) || options.output == .tfIDF, "idfWeights with \(options.output); allowed: with tfIDF alone")
    try check(
      given.isEmpty || weights != nil || options.output != .tfIDF, "a vocabulary without idfWeights for tfIDF")
    try set(given, weights)
  }

  /// Sets the vocabulary.
  package mutating func set(_ given: [Token], _ weights: [Double]? = nil) throws(Mistake) {
    let isMasked = options.mask != nil && options.output == .integer
    let special = (isMasked ? [options.mask!] : []) + [Token](repeating: options.oov, count: options.oovCount)
    let hasSpecial = !special.isEmpty && given.starts(with: special)
    let own = hasSpecial ? Array(given.dropFirst(special.count)) : given
    let found = Dictionary(own.enumerated().map { ($1, $0) }) { first, _ in first }
    guard found.count == own.count else { throw Mistake(text: "the vocabulary has a token twice") }
    if let mask = options.mask, found[mask] != nil { throw Mistake(text: "the vocabulary has the mask token") }
    if let most = options.maxTokens, options.start + own.count > most {
      throw Mistake(text: "the vocabulary needs \(options.start + own.count) numbers; maxTokens is \(most)")
    }
    if let weights {
      guard weights.count == given.count, weights.allSatisfy(\.isFinite) else {
        throw Mistake(text: "\(weights.count) idfWeights for \(given.count) tokens; allowed: a finite number for each")
      }
      let mean = weights.isEmpty ? 0 : weights.reduce(0, +) / Double(weights.count)
      self.weights = (hasSpecial ? [] : [Double](repeating: mean, count: options.start)) + weights
    }
    (tokens, places, givenWeights) = (own, found, weights)
  }

  /// Learns the vocabulary from documents.
  mutating func learn(_ documents: [[Token]], _ isLess: (Token, Token) -> Bool) {
    var counts: [Token: Int] = [:]
    var occurrences: [Token: Int] = [:]
    for document in documents {
      for token in document { counts[token, default: 0] += 1 }
      for token in Set(document) { occurrences[token, default: 0] += 1 }
    }
    if let mask = options.mask { counts[mask] = nil }
    counts[options.oov] = nil
    let sorted = counts.sorted { $0.value == $1.value ? isLess($1.key, $0.key) : $0.value > $1.value }.map(\.key)
    let kept = options.maxTokens.map { Array(sorted.prefix(max(0, $0 - options.start))) } ?? sorted
    let weights = kept.map { log(1 + Double(documents.count) / (1 + Double(occurrences[$0]!))) }
    do throws(Mistake) {
      try set(kept, options.output == .tfIDF ? weights : nil)
    } catch {
      trap("a vocabulary that is learnt: \(error.text)")
    }
  }

  /// How many numbers there are; `nil` if that is not known yet.
  package var size: Int? { tokens.isEmpty ? expectedSize : options.start + tokens.count }

  /// The length of rows.
  package var depth: Int {
    if options.isPadded, let most = options.maxTokens { return most }
    return max(1, size ?? options.start)
  }

  /// The number of a token; -1 for one that has no place in rows, and `nil` for one that is not in the vocabulary if
  /// there is no number for such.
  /// - Parameter hash: the number that is divided by the count of numbers for unknown tokens.
  func number(_ token: Token, _ hash: (Token) -> Int) -> Int? {
    if token == options.mask { return options.output == .integer ? 0 : -1 }
    if let place = places[token] { return options.start + place }
    if options.oovCount == 0 { return nil }
    let rest = options.oovCount == 1 ? 0 : hash(token) % options.oovCount
    return options.start - options.oovCount + (rest < 0 ? rest + options.oovCount : rest)
  }

  /// The token of a number.
  func token(_ number: Int) -> Token {
    if number == 0, options.mask != nil { return options.mask! }
    let place = number.subtractingReportingOverflow(options.start).partialValue
    return tokens.indices.contains(place) ? tokens[place] : options.oov
  }

  /// - Throws: ``LayerError/notBuilt(model:reason:)`` without a vocabulary.
  func requireTokens(_ layer: String) throws {
    if tokens.isEmpty {
      throw LayerError.notBuilt(model: layer, reason: "there is no vocabulary; give one, or call adapt(to:)")
    }
  }
}
