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
