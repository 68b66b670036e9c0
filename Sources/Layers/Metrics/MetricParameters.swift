import Activations

// Parameters of metrics as configurations hold them.

extension Int {
  /// Of classes, columns and the like: what Keras's own numbers hold.
  static var greatestCount: Int { Int(Int32.max) }

  /// Of the thresholds of a curve: the buckets between them are counted exactly in Float.
  fileprivate static var greatestThresholdCount: Int { 1 << 24 }

  /// Of classes of which a confusion matrix fits into the machine's memory.
  fileprivate static var greatestClassCount: Int {
    Int(Double(physicalMemory / MemoryLayout<Double>.stride).squareRoot())
  }
}

extension ParameterReader {
  /// A number, or a list of numbers, from 0 to 1.
  mutating func thresholds(default threshold: Double) throws(ConfigurationError) -> [Double] {
    let allowed = "numbers from 0 to 1 and lists of them"
    let given: [Configuration]
    switch configuration("thresholds") {
    case nil: return [threshold]
    case .list(let list)? where !list.isEmpty: given = list
    case let single?: given = [single]
    }
    var thresholds: [Double] = []
    for value in given {
      guard let number = value.asNumber, NumberRange.closedUnit.contains(number) else {
        throw outOfRange("thresholds", value.description, allowed)
      }
      thresholds.append(number)
    }
    return thresholds
  }

  /// One of some words, or null.
  mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ parameter: String
  ) throws(ConfigurationError) -> Choice? where Choice.RawValue == String {
    guard let value = configuration(parameter) else { return nil }
    guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw outOfRange(parameter, value.description, "\(words) and null")
    }
    return choice
  }
}

extension Detection {
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    let topK = try reader.optionalInteger("top_k", from: 1, to: .greatestCount)
    thresholds = try reader.thresholds(default: topK == nil ? 0.5 : -.infinity)
    self.topK = topK
    classID = try reader.optionalInteger("class_id", from: 0, to: .greatestCount)
  }

  var parameters: [String: Configuration] {
    let given = thresholds.filter(\.isFinite)
    return [
      "thresholds": given.isEmpty ? .null : .list(given.map { .number($0) }), "top_k": Configuration(topK),
      "class_id": Configuration(classID),
    ]
  }
}

extension FScore {
  init(_ reader: inout ParameterReader, beta: Double) throws(ConfigurationError) {
    self.beta = beta
    average = try reader.optionalChoice("average")
    threshold = try reader.optionalNumber("threshold", .closedUnit)
  }

  var parameters: [String: Configuration] {
    var result: [String: Configuration] = [
      "average": average.map { .string($0.rawValue) } ?? .null, "threshold": Configuration(threshold),
    ]
    if beta != 1 { result["beta"] = .number(beta) }
    return result
  }
}

extension Curve {
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    thresholds = try reader.integer("num_thresholds", from: 2, to: .greatestThresholdCount, default: 200)
    curve = try reader.choice("curve", default: .roc)
    summation = try reader.choice("summation_method", default: .interpolation)
    fromLogits = try reader.flag("from_logits", default: false)
    try reader.expect("multi_label", false)
  }

  var parameters: [String: Configuration] {
    [
      "num_thresholds": Configuration(thresholds), "curve": .string(curve.rawValue),
      "summation_method": .string(summation.rawValue), "from_logits": .flag(fromLogits),
    ]
  }
}

extension Determination {
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    let isGiven = reader.isGiven("class_aggregation")
    average = isGiven ? try reader.optionalChoice("class_aggregation") : .uniform
    regressors = try reader.integer("num_regressors", from: 0, to: .greatestCount, default: 0)
  }

  var parameters: [String: Configuration] {
    [
      "class_aggregation": average.map { .string($0.rawValue) } ?? .null, "num_regressors": Configuration(regressors),
    ]
  }
}

extension Overlap {
  init(
    _ reader: inout ParameterReader, sparse: Bool, choosesClasses: Bool = false
  ) throws(ConfigurationError) {
    let count = try reader.integer("num_classes", from: 1, to: .greatestClassCount)
    classes = count
    if choosesClasses {
      guard let ids = try reader.optionalIntegers("target_class_ids") else {
        throw .missingParameter(owner: reader.owner, parameter: "target_class_ids", allowed: "0 ..< \(count)")
      }
      if let id = ids.first(where: { $0 < 0 || $0 >= count }) {
        throw reader.outOfRange("target_class_ids", "\(id)", "0 ..< \(count)")
      }
      chosen = ids
    }
    ignoredClass = try reader.optionalInteger("ignore_class", from: Int(Int32.min), to: .greatestCount)
    hasSparseTargets = try sparse ? reader.flag("sparse_y_true", default: true) : false
    hasSparsePredictions = try reader.flag("sparse_y_pred", default: sparse)
    try reader.lastAxis()
  }

  var parameters: [String: Configuration] {
    var result: [String: Configuration] = [
      "num_classes": Configuration(classes), "ignore_class": Configuration(ignoredClass),
      "sparse_y_pred": .flag(hasSparsePredictions),
    ]
    if let chosen { result["target_class_ids"] = Configuration(chosen) }
    if hasSparseTargets || chosen != nil { result["sparse_y_true"] = .flag(hasSparseTargets) }
    return result
  }
}
