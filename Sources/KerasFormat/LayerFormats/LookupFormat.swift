public import Activations
public import Layers
import Tensor

/// A layer whose vocabulary Keras may write into a file of its own, a token a line, instead of the configuration.
package protocol VocabularyLayer<Scalar>: ConfigurableLayer {
  /// Sets the vocabulary.
  /// - Throws: an error that describes what is wrong with it.
  mutating func setVocabulary(lines: [[UInt8]]) throws
}

extension TokenTable {
  /// Sets the vocabulary of a file.
  fileprivate mutating func setOfFile(_ tokens: [Token]) throws {
    guard options.output != .tfIDF else {
      throw ModelConfigurationError(
        expected: "the vocabulary and the weights of tf_idf in the configuration", found: "the vocabulary in a file")
    }
    do throws(Mistake) {
      try set(tokens)
    } catch {
      throw ModelConfigurationError(expected: "a vocabulary that fits the layer", found: error.text)
    }
  }

  /// The parameters that all lookups have.
  fileprivate func parameters(_ token: (Token) -> Configuration) -> [String: Configuration] {
    [
      "max_tokens": Configuration(options.maxTokens), "output_mode": .string(options.output.rawValue), "sparse": false,
      "pad_to_max_tokens": .flag(options.isPadded),
      "idf_weights": givenWeights.map { .list($0.map { .number($0) }) } ?? .null,
      "vocabulary": tokens.isEmpty ? .null : .list(tokens.map(token)), "vocabulary_size": Configuration(size),
    ]
  }

  /// Reads a vocabulary and its weights.
  fileprivate init(
    from reader: inout LayerReader<some RealScalar>, _ options: Options, _ token: (Configuration) -> Token?
  ) throws {
    let given = reader.configuration("vocabulary")
    let tokens = given?.asList?.compactMap(token) ?? []
    guard given == nil || tokens.count == given?.asList?.count else {
      throw reader.outOfRange("vocabulary", given?.description ?? "", "lists of tokens of one kind")
    }
    let weights = reader.configuration("idf_weights") == nil ? nil : try reader.numbers("idf_weights")
    let size = try reader.optionalInteger("vocabulary_size", from: 0, to: 1 << 30)
    do throws(Mistake) {
      try self.init(tokens, options, weights: weights)
    } catch {
      throw ModelConfigurationError(expected: "a vocabulary that fits the other parameters", found: error.text)
    }
    expectedSize = size
  }
}

extension IntegerLookup: VocabularyLayer {
  public var layerParameters: [String: Configuration] {
    let options = table.options
    return table.parameters { .integer($0) }.merging([
      "invert": .flag(invert), "num_oov_indices": .integer(options.oovCount), "oov_token": .integer(options.oov),
      "mask_token": Configuration(options.mask), "vocabulary_dtype": "int64", "oov_method": "floormod", "salt": nil,
    ]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    reader.passOver("vocabulary_dtype", "has_input_vocabulary")
    try reader.expect("oov_method", "floormod")
    try reader.expect("salt", nil)
    let invert = try reader.flag("invert", default: false)
    let options = TokenTable<Int>.Options(
      maxTokens: try reader.optionalInteger("max_tokens", from: 2, to: 1 << 30),
      oovCount: try reader.integer("num_oov_indices", from: 0, to: 1_000_000, default: 1),
      mask: try reader.optionalInteger("mask_token"), oov: try reader.integer("oov_token", default: -1),
      output: try reader.categoryOutput(default: .integer, invert ? [.integer] : CategoryOutput.allCases),
      isPadded: try reader.flag("pad_to_max_tokens", default: false))
    self.init(try TokenTable(from: &reader, options, \.asInteger), invert: invert)
  }

  package mutating func setVocabulary(lines: [[UInt8]]) throws {
    let tokens = lines.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard tokens.count == lines.count else {
      throw ModelConfigurationError(expected: "an integer in each line", found: "another")
    }
    try table.setOfFile(tokens)
  }
}

extension [UInt8] {
  fileprivate init?(_ configuration: Configuration) {
    guard let text = configuration.asString else { return nil }
    self = Array(text.utf8)
  }

  fileprivate var configuration: Configuration { .string(String(decoding: self, as: UTF8.self)) }
}

extension StringLookup: VocabularyLayer {
  public var layerParameters: [String: Configuration] {
    let options = table.options
    return table.parameters(\.configuration).merging([
      "invert": false, "num_oov_indices": .integer(options.oovCount), "oov_token": options.oov.configuration,
      "mask_token": options.mask?.configuration ?? .null, "oov_method": "floormod", "salt": Configuration(salt),
      "encoding": "utf-8",
    ]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    reader.passOver("vocabulary_dtype", "has_input_vocabulary", "oov_method")
    try reader.expect("invert", false)
    try reader.expect("encoding", "utf-8")
    let salt = try reader.optionalIntegers("salt")
    guard 1...2 ~= salt?.count ?? 2 else { throw reader.outOfRange("salt", "\(salt ?? [])", "one or two integers") }
    let options = TokenTable<[UInt8]>.Options(
      maxTokens: try reader.optionalInteger("max_tokens", from: 2, to: 1 << 30),
      oovCount: try reader.integer("num_oov_indices", from: 0, to: 1_000_000, default: 1),
      mask: try reader.optionalString("mask_token").map { Array($0.utf8) },
      oov: Array((try reader.optionalString("oov_token") ?? "[UNK]").utf8),
      output: try reader.categoryOutput(default: .integer, CategoryOutput.allCases),
      isPadded: try reader.flag("pad_to_max_tokens", default: false))
    self.init(try TokenTable(from: &reader, options) { [UInt8]($0) }, salt: salt.map { [$0[0], $0[$0.count - 1]] })
  }

  package mutating func setVocabulary(lines: [[UInt8]]) throws { try table.setOfFile(lines) }
}

extension TextVectorization: VocabularyLayer {
  public var layerParameters: [String: Configuration] {
    let isRange = ngrams.map { $0 == Array(1...max(1, $0.count)) } ?? false
    return table.parameters(\.configuration).merging([
      "standardize": standardize.map { .string($0.rawValue) } ?? .null,
      "split": split.map { .string($0.rawValue) } ?? .null,
      "ngrams": isRange ? Configuration(ngrams?.count) : Configuration(ngrams),
      "output_sequence_length": Configuration(outputSequenceLength), "ragged": false, "encoding": "utf-8",
    ]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    reader.passOver("has_input_vocabulary")
    try reader.expect("ragged", false)
    try reader.expect("encoding", "utf-8")
    let given = reader.configuration("ngrams")
    let widths = try reader.optionalIntegers("ngrams")
    guard widths.map({ !$0.isEmpty && $0.allSatisfy { 1...100 ~= $0 } }) ?? true else {
      throw reader.outOfRange("ngrams", given?.description ?? "", "1...100 and lists of these")
    }
    let ngrams = given?.asInteger.map { Array(1...$0) } ?? widths
    let output = try reader.categoryOutput(default: .integer, [.integer, .multiHot, .count, .tfIDF])
    let options = Self.options(
      try reader.optionalInteger("max_tokens", from: 2, to: 1 << 30), output,
      isPadded: try reader.flag("pad_to_max_tokens", default: false))
    // Null is no default here: it says that nothing is done.
    let standardize: Standardization? = try reader.optionalChoice("standardize")
    let split: Split? = try reader.optionalChoice("split")
    self.init(
      try TokenTable(from: &reader, options) { [UInt8]($0) },
      reader.isGiven("standardize") ? standardize : .lowerAndStripPunctuation,
      reader.isGiven("split") ? split : .whitespace, ngrams: ngrams,
      length: try reader.optionalInteger("output_sequence_length", from: 1, to: 1 << 30))
  }

  package mutating func setVocabulary(lines: [[UInt8]]) throws { try table.setOfFile(lines) }
}
