public import Activations
public import Layers
import Tensor

extension LayerReader {
  /// Reads what a layer of categories gives. Keras 2 has older names of two.
  mutating func categoryOutput(
    default defaultOutput: CategoryOutput, _ allowed: [CategoryOutput]
  ) throws(ConfigurationError) -> CategoryOutput {
    try expect("sparse", false)
    guard let given = configuration("output_mode") else { return defaultOutput }
    let names = ["binary": "multi_hot", "tf-idf": "tf_idf"]
    guard let text = given.asString, let output = CategoryOutput(rawValue: names[text] ?? text),
      allowed.contains(output)
    else { throw outOfRange("output_mode", given.description, allowed.map(\.rawValue).joined(separator: ", ")) }
    return output
  }
}

extension CategoryEncoding: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["num_tokens": .integer(numTokens), "output_mode": .string(outputMode.rawValue)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      numTokens: try reader.integer("num_tokens", from: 1),
      outputMode: try reader.categoryOutput(default: .multiHot, [.oneHot, .multiHot, .count]))
  }
}

extension Discretization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "bin_boundaries": binBoundaries.map { .list($0.map { .number($0) }) } ?? .null,
      "num_bins": Configuration(numBins), "epsilon": .number(epsilon), "output_mode": .string(outputMode.rawValue),
      "sparse": false,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let boundaries = reader.configuration("bin_boundaries") == nil ? nil : try reader.numbers("bin_boundaries")
    guard boundaries.map({ !$0.isEmpty && $0 == $0.sorted() }) ?? true else {
      throw reader.outOfRange("bin_boundaries", "\(boundaries ?? [])", "numbers in ascending order")
    }
    let count = try reader.optionalInteger("num_bins", from: 2, to: 1_000_000)
    guard boundaries != nil || count != nil else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: "bin_boundaries", allowed: "numbers in ascending order, or num_bins")
    }
    let epsilon = try reader.number("epsilon", .positive, default: 0.01)
    guard epsilon < 1 else { throw reader.outOfRange("epsilon", "\(epsilon)", "between 0 and 1") }
    self.init(
      boundaries, count, epsilon,
      try reader.categoryOutput(default: .integer, [.integer, .oneHot, .multiHot, .count]))
  }
}

extension Hashing: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "num_bins": .integer(numBins), "mask_value": Configuration(maskValue), "salt": Configuration(salt),
      "output_mode": .string(outputMode.rawValue), "sparse": false,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let salt = try reader.optionalIntegers("salt")
    guard 1...2 ~= salt?.count ?? 2 else { throw reader.outOfRange("salt", "\(salt ?? [])", "one or two integers") }
    self.init(
      numBins: try reader.integer("num_bins", from: 1), maskValue: try reader.optionalInteger("mask_value"),
      salt: salt.map { [$0[0], $0[$0.count - 1]] },
      outputMode: try reader.categoryOutput(default: .integer, [.integer, .oneHot, .multiHot, .count]))
  }
}

extension HashedCrossing: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["num_bins": .integer(numBins), "output_mode": .string(outputMode.rawValue), "sparse": false]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      numBins: try reader.integer("num_bins", from: 1),
      outputMode: try reader.categoryOutput(default: .integer, [.integer, .oneHot]))
  }
}

extension IntegerLookup: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let options = table.options
    return [
      "invert": .flag(invert), "max_tokens": Configuration(options.maxTokens),
      "num_oov_indices": .integer(options.oovCount), "oov_token": .integer(options.oov),
      "mask_token": Configuration(options.mask), "output_mode": .string(options.output.rawValue), "sparse": false,
      "pad_to_max_tokens": .flag(options.isPadded), "vocabulary_dtype": "int64",
      "idf_weights": table.givenWeights.map { .list($0.map { .number($0) }) } ?? .null,
      "vocabulary": vocabulary.isEmpty ? .null : Configuration(vocabulary),
      "vocabulary_size": Configuration(table.size),
      "oov_method": "floormod", "salt": nil,
    ]
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
      output: try reader.categoryOutput(
        default: .integer, invert ? [.integer] : CategoryOutput.allCases),
      isPadded: try reader.flag("pad_to_max_tokens", default: false))
    let weights = reader.configuration("idf_weights") == nil ? nil : try reader.numbers("idf_weights")
    let size = try reader.optionalInteger("vocabulary_size", from: 0, to: 1 << 30)
    let vocabulary = try reader.optionalIntegers("vocabulary") ?? []
    do throws(TokenTable<Int>.Mistake) {
      var table = try TokenTable(vocabulary, options, weights: weights)
      table.expectedSize = size
      self.init(table, invert: invert)
    } catch {
      throw ModelConfigurationError(expected: "a vocabulary that fits the other parameters", found: error.text)
    }
  }
}
