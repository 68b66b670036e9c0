public import Activations
public import Layers
import Tensor

extension MultiHeadAttention: CallConfigurable {
  public static var inputNames: [String] { ["query", "value", "key", "attention_mask"] }

  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = [
      "num_heads": .integer(numHeads), "key_dim": .integer(keyDim), "value_dim": .integer(valueDim),
      "use_gate": .flag(useGate), "output_shape": Configuration(units), "attention_axes": Configuration(attentionAxes),
      "sliding_window": Configuration(slidingWindow), "dropout": .number(dropout),
    ]
    return own.merging(attention.configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let units = try reader.optionalIntegers("output_shape")
    guard units.map({ 1...30 ~= $0.count && $0.allSatisfy { $0 >= 1 } }) ?? true else {
      throw reader.outOfRange("output_shape", "\(units ?? [])", "up to 30 lengths of at least 1")
    }
    let axes = try reader.optionalIntegers("attention_axes")
    guard axes.map({ !$0.isEmpty && !$0.contains(0) }) ?? true else {
      throw reader.outOfRange("attention_axes", "\(axes ?? [])", "axes of at least 1 and negative ones")
    }
    let weights = try reader.projectionWeights()
    self.init(
      numHeads: try reader.integer("num_heads", from: 1), keyDim: try reader.integer("key_dim", from: 1),
      valueDim: try reader.optionalInteger("value_dim", from: 1),
      dropout: try reader.number("dropout", .closedUnit, default: 0), useBias: weights.useBias,
      useGate: try reader.flag("use_gate", default: false), units: units, attentionAxes: axes,
      slidingWindow: try reader.optionalInteger("sliding_window", from: 1),
      kernelInitializer: weights.kernel.initializer,
      biasInitializer: weights.bias.initializer, kernelRegularizer: weights.kernel.regularizer,
      biasRegularizer: weights.bias.regularizer,
      activityRegularizer: try reader.optionalValue("activity_regularizer"),
      kernelConstraint: weights.kernel.constraint, biasConstraint: weights.bias.constraint)
    // Keras 2 writes the shapes that it was built for.
    reader.passOver("flash_attention", "query_shape", "key_shape", "value_shape")
  }

  public var layerCall: LayerCall { LayerCall(inputs: attentionInputs(mask: attentionMaskInput), options: options) }
  public mutating func setCall(_ call: LayerCall) throws {
    try set(call.options)
    attentionMaskInput = call.inputs.firstIndex(of: "attention_mask")
  }
}

extension GroupQueryAttention: CallConfigurable {
  public static var inputNames: [String] { ["query", "value", "key", "attention_mask"] }

  public var layerParameters: [String: Configuration] {
    let own: [String: Configuration] = [
      "head_dim": .integer(headDim), "num_query_heads": .integer(numQueryHeads),
      "num_key_value_heads": .integer(numKeyValueHeads), "use_gate": .flag(useGate),
      "sliding_window": Configuration(slidingWindow), "dropout": .number(dropout),
    ]
    return own.merging(attention.configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let queryHeads = try reader.integer("num_query_heads", from: 1)
    let keyHeads = try reader.integer("num_key_value_heads", from: 1)
    guard queryHeads.isMultiple(of: keyHeads) else {
      throw reader.outOfRange("num_query_heads", "\(queryHeads)", "multiples of num_key_value_heads, \(keyHeads)")
    }
    let weights = try reader.projectionWeights()
    self.init(
      headDim: try reader.integer("head_dim", from: 1), numQueryHeads: queryHeads, numKeyValueHeads: keyHeads,
      dropout: try reader.number("dropout", .closedUnit, default: 0), useBias: weights.useBias,
      useGate: try reader.flag("use_gate", default: false),
      slidingWindow: try reader.optionalInteger("sliding_window", from: 1),
      kernelInitializer: weights.kernel.initializer,
      biasInitializer: weights.bias.initializer, kernelRegularizer: weights.kernel.regularizer,
      biasRegularizer: weights.bias.regularizer,
      activityRegularizer: try reader.optionalValue("activity_regularizer"),
      kernelConstraint: weights.kernel.constraint, biasConstraint: weights.bias.constraint)
    reader.passOver("flash_attention")
  }

  public var layerCall: LayerCall { LayerCall(inputs: attentionInputs(mask: attentionMaskInput), options: options) }
  public mutating func setCall(_ call: LayerCall) throws {
    try set(call.options)
    attentionMaskInput = call.inputs.firstIndex(of: "attention_mask")
  }
}

extension Attention: CallConfigurable {
  public static var inputNames: [String] { ["inputs"] }

  public var layerParameters: [String: Configuration] {
    ["use_scale": .flag(useScale), "score_mode": .string(scoreMode.rawValue), "dropout": .number(dropout)]
  }

  /// Ignores Keras 2's `causal`, unless it is true.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      useScale: try reader.flag("use_scale", default: false), scoreMode: try reader.choice("score_mode", default: .dot),
      dropout: try reader.number("dropout", .closedUnit, default: 0),
      useCausalMask: try reader.flag("causal", default: false))
  }

  public var layerCall: LayerCall { LayerCall(inputs: Self.inputNames, options: options) }
  public mutating func setCall(_ call: LayerCall) throws { try set(call.options) }
}

extension AdditiveAttention: CallConfigurable {
  public static var inputNames: [String] { ["inputs"] }

  public var layerParameters: [String: Configuration] {
    ["use_scale": .flag(useScale), "dropout": .number(dropout)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      useScale: try reader.flag("use_scale", default: true),
      dropout: try reader.number("dropout", .closedUnit, default: 0),
      useCausalMask: try reader.flag("causal", default: false))
  }

  public var layerCall: LayerCall { LayerCall(inputs: Self.inputNames, options: options) }
  public mutating func setCall(_ call: LayerCall) throws { try set(call.options) }
}

extension AttentionLayer where Self: CallConfigurable {
  fileprivate var options: [String: Configuration] {
    let flags = [("use_causal_mask", useCausalMask), ("return_attention_scores", returnAttentionScores)]
    return Dictionary(uniqueKeysWithValues: flags.filter(\.1).map { ($0.0, .flag(true)) })
  }

  fileprivate mutating func set(_ given: [String: Configuration]) throws {
    var options = given
    useCausalMask = options.removeValue(forKey: "use_causal_mask") == true || useCausalMask
    returnAttentionScores = options.removeValue(forKey: "return_attention_scores") == true
    if let option = options.keys.min() {
      throw ConfigurationError.parameterOutOfRange(
        owner: className, parameter: option, value: "\(options[option]!)",
        allowed: "use_causal_mask and return_attention_scores in calls")
    }
  }
}

/// The inputs of a projected attention, of which one may be a mask.
private func attentionInputs(mask: Int?) -> [String] {
  switch mask {
  case 2: ["query", "value", "attention_mask"]
  case 3: ["query", "value", "key", "attention_mask"]
  default: ["query", "value", "key"]
  }
}

extension ProjectedAttention {
  /// The parameters of the projections.
  fileprivate var configurations: [String: Configuration] {
    ["use_bias": .flag(query.biasWeight != nil), "activity_regularizer": activityRegularizer.configuration]
      .merging(query.kernelWeight.configurations) { $1 }
      .merging((query.biasWeight ?? .unusedBias).configurations) { $1 }
  }
}

extension LayerReader {
  /// Reads what all projections have in common.
  fileprivate mutating func projectionWeights() throws -> (useBias: Bool, kernel: Weight<Scalar>, bias: Weight<Scalar>)
  {
    var kernel = Weight<Scalar>("kernel", initializer: .glorotUniform)
    var bias = Weight<Scalar>.unusedBias
    try read(into: &kernel)
    try read(into: &bias)
    return (try flag("use_bias", default: true), kernel, bias)
  }
}
