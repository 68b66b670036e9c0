import Activations

/// Keras 1's names for the parameters of layers that Keras 2 has too. Source: Keras 1.2.2, `keras/layers`,
/// `get_config`.
enum Keras1 {
  /// A layer in Keras 2's terms; anything else is returned unchanged.
  static func upgraded(
    _ className: String, _ config: [String: Configuration]
  ) -> (className: String, config: [String: Configuration]) {
    if className == "Merge" { return mergingLayer(config) ?? (className, config) }
    guard let names = names[className] else { return (className, config) }
    var result: [String: Configuration] = [:]
    for (name, value) in config { result[names[name] ?? name] = value.upgradedPenalty }
    result["input_dtype"] = nil
    if let order = config["dim_ordering"] { result["data_format"] = dataFormats[order.asString ?? ""] ?? order }
    if className == "Dense", let length = result.removeValue(forKey: "input_dim"), result["batch_input_shape"] == nil {
      result["batch_input_shape"] = length == .null ? nil : [.null, length]
    }
    // Mode 0 is the only one in later versions.
    if className == "BatchNormalization", result["mode"] == 0 { result["mode"] = nil }
    return (className, result)
  }

  private static let dataFormats: [String: Configuration] = ["tf": "channels_last", "th": "channels_first"]
  private static let format = ["dim_ordering": "data_format"]
  private static let pooling = [
    "pool_length": "pool_size", "stride": "strides", "border_mode": "padding", "dim_ordering": "data_format",
  ]

  private static let names: [String: [String: String]] = [
    "Dense": [
      "output_dim": "units", "init": "kernel_initializer", "bias": "use_bias", "W_regularizer": "kernel_regularizer",
      "b_regularizer": "bias_regularizer", "W_constraint": "kernel_constraint", "b_constraint": "bias_constraint",
    ],
    "Dropout": ["p": "rate"],
    "GaussianDropout": ["p": "rate"],
    "GaussianNoise": ["sigma": "stddev"],
    "BatchNormalization": ["beta_init": "beta_initializer", "gamma_init": "gamma_initializer"],
    "PReLU": ["init": "alpha_initializer"],
    "MaxPooling1D": pooling, "MaxPooling2D": pooling, "MaxPooling3D": pooling,
    "AveragePooling1D": pooling, "AveragePooling2D": pooling, "AveragePooling3D": pooling,
    "GlobalMaxPooling1D": [:], "GlobalMaxPooling2D": format, "GlobalMaxPooling3D": format,
    "GlobalAveragePooling1D": [:], "GlobalAveragePooling2D": format, "GlobalAveragePooling3D": format,
    "ZeroPadding1D": [:], "ZeroPadding2D": format, "ZeroPadding3D": format,
    "Cropping1D": [:], "Cropping2D": format, "Cropping3D": format,
    "UpSampling1D": ["length": "size"], "UpSampling2D": format, "UpSampling3D": format,
    "InputLayer": [:], "Activation": [:], "LeakyReLU": [:], "ELU": [:], "ThresholdedReLU": [:], "Flatten": [:],
    "Masking": [:], "Reshape": [:], "Permute": [:], "RepeatVector": [:], "ActivityRegularization": [:],
  ]

  /// The layer of a `Merge` that combines other layers' results; `nil` for one that is a function or contains layers
  /// itself.
  private static func mergingLayer(
    _ config: [String: Configuration]
  ) -> (className: String, config: [String: Configuration])? {
    guard config["layers"] == nil || config["layers"] == .null || config["layers"] == [],
      let mode = config["mode"]?.asString
    else { return nil }
    let common = config.filter { ["name", "trainable"].contains($0.key) }
    switch mode {
    case "sum": return ("Add", common)
    case "mul": return ("Multiply", common)
    case "ave": return ("Average", common)
    case "max": return ("Maximum", common)
    case "concat": return ("Concatenate", common.merging(["axis": config["concat_axis"] ?? -1]) { $1 })
    case "dot": return ("Dot", common.merging(["axes": config["dot_axes"] ?? -1]) { $1 })
    default: return nil
    }
  }
}

extension Configuration {
  /// A regularizer or a constraint, which Keras 1 wrote as `{"name": "MaxNorm", "m": 2, "axis": 0}`.
  fileprivate var upgradedPenalty: Configuration {
    guard var config = asObject, config["class_name"] == nil, let name = config.removeValue(forKey: "name")?.asString
    else { return self }
    let isPenalty = ["WeightRegularizer", "ActivityRegularizer", "L1L2Regularizer"].contains(name)
    let names = ["m": "max_value", "low": "min_value", "high": "max_value"]
    let renamed = config.map { (names[$0.key] ?? $0.key, $0.value) }
    return [
      "class_name": .string(isPenalty ? "L1L2" : name),
      "config": .object(Dictionary(renamed) { first, _ in first }),
    ]
  }
}
