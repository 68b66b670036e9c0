public import Activations
public import Layers
import Tensor

extension Convolution: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "filters": .integer(filters), "kernel_size": Configuration(kernelSize), "strides": Configuration(strides),
      "padding": .string(padding.rawValue), "data_format": .string(dataFormat.rawValue),
      "dilation_rate": Configuration(dilationRate), "groups": .integer(groups),
      "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "activity_regularizer": activityRegularizer.configuration,
    ].merging(kernelWeight.configurations) { $1 }.merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let filters = try reader.integer("filters", from: 1)
    let groups = try reader.integer("groups", from: 1, default: 1)
    guard filters % groups == 0 else {
      throw reader.outOfRange("filters", "\(filters)", "integers that the \(groups) groups divide")
    }
    let windows = try reader.windows(Rank.axisCount, allowsCausal: Rank.axisCount == 1)
    self.init(
      filters, kernelSize: windows.lengths, strides: windows.strides, padding: windows.padding,
      dataFormat: windows.dataFormat, dilationRate: windows.dilation, groups: groups,
      activation: try reader.activation("activation"), useBias: try reader.flag("use_bias", default: true),
      activityRegularizer: try reader.optionalValue("activity_regularizer"))
    try reader.read(into: &kernelWeight)
    try reader.read(into: &biasWeight, named: "bias")
  }
}

extension ConvolutionTranspose: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "filters": .integer(filters), "kernel_size": Configuration(kernelSize), "strides": Configuration(strides),
      "padding": .string(padding.rawValue), "output_padding": Configuration(outputPadding),
      "data_format": .string(dataFormat.rawValue), "dilation_rate": Configuration(dilationRate),
      "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "activity_regularizer": activityRegularizer.configuration,
    ].merging(kernelWeight.configurations) { $1 }.merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let filters = try reader.integer("filters", from: 1)
    reader.ignoreGroups()
    let windows = try reader.windows(Rank.axisCount)
    let outputPadding = try reader.optionalIntegers("output_padding")
    if let given = outputPadding {
      let all = given.count == 1 ? [Int](repeating: given[0], count: Rank.axisCount) : given
      guard all.count == Rank.axisCount, all.indices.allSatisfy({ (0..<windows.strides[$0]).contains(all[$0]) }) else {
        throw reader.outOfRange(
          "output_padding", "\(given)", "integers from 0 on, less than the strides \(windows.strides)")
      }
    }
    self.init(
      filters, kernelSize: windows.lengths, strides: windows.strides, padding: windows.padding,
      outputPadding: outputPadding, dataFormat: windows.dataFormat, dilationRate: windows.dilation,
      activation: try reader.activation("activation"), useBias: try reader.flag("use_bias", default: true),
      activityRegularizer: try reader.optionalValue("activity_regularizer"))
    try reader.read(into: &kernelWeight)
    try reader.read(into: &biasWeight, named: "bias")
  }
}

extension DepthwiseConvolution: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "kernel_size": Configuration(kernelSize), "strides": Configuration(strides),
      "padding": .string(padding.rawValue), "depth_multiplier": .integer(depthMultiplier),
      "data_format": .string(dataFormat.rawValue), "dilation_rate": Configuration(dilationRate),
      "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "activity_regularizer": activityRegularizer.configuration,
    ].merging(kernelWeight.configurations(as: "depthwise")) { $1 }
      .merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    reader.ignoreGroups()
    reader.ignoreKernel()
    let windows = try reader.windows(Rank.axisCount)
    self.init(
      kernelSize: windows.lengths, strides: windows.strides, padding: windows.padding,
      depthMultiplier: try reader.integer("depth_multiplier", from: 1, default: 1), dataFormat: windows.dataFormat,
      dilationRate: windows.dilation, activation: try reader.activation("activation"),
      useBias: try reader.flag("use_bias", default: true),
      activityRegularizer: try reader.optionalValue("activity_regularizer"))
    try reader.read(into: &kernelWeight, as: "depthwise")
    try reader.read(into: &biasWeight, named: "bias")
  }
}

extension SeparableConvolution: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "filters": .integer(filters), "kernel_size": Configuration(kernelSize), "strides": Configuration(strides),
      "padding": .string(padding.rawValue), "data_format": .string(dataFormat.rawValue),
      "dilation_rate": Configuration(dilationRate), "depth_multiplier": .integer(depthMultiplier),
      "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "activity_regularizer": activityRegularizer.configuration,
    ].merging(depthwiseWeight.configurations(as: "depthwise")) { $1 }
      .merging(pointwiseWeight.configurations(as: "pointwise")) { $1 }
      .merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    reader.ignoreGroups()
    reader.ignoreKernel()
    let windows = try reader.windows(Rank.axisCount, allowsCausal: Rank.axisCount == 1)
    self.init(
      try reader.integer("filters", from: 1), kernelSize: windows.lengths, strides: windows.strides,
      padding: windows.padding, dataFormat: windows.dataFormat, dilationRate: windows.dilation,
      depthMultiplier: try reader.integer("depth_multiplier", from: 1, default: 1),
      activation: try reader.activation("activation"), useBias: try reader.flag("use_bias", default: true),
      activityRegularizer: try reader.optionalValue("activity_regularizer"))
    try reader.read(into: &depthwiseWeight, as: "depthwise")
    try reader.read(into: &pointwiseWeight, as: "pointwise")
    try reader.read(into: &biasWeight, named: "bias")
  }
}

/// How windows lie in a layer's samples.
struct WindowParameters {
  let lengths, strides, dilation: [Int]
  let padding: WindowPadding
  let dataFormat: DataFormat
}

extension LayerReader {
  mutating func windows(_ rank: Int, allowsCausal: Bool = false) throws -> WindowParameters {
    func forEachAxis(_ lengths: [Int]) -> [Int] {
      lengths.count == rank ? lengths : [Int](repeating: lengths[0], count: rank)
    }
    let lengths = forEachAxis(try spatialLengths("kernel_size", rank))
    let strides = forEachAxis(try spatialLengths("strides", rank, default: 1))
    let dilation = forEachAxis(try spatialLengths("dilation_rate", rank, default: 1))
    let ones = forEachAxis([1])
    guard strides == ones || dilation == ones else {
      throw outOfRange("dilation_rate", "\(dilation)", "1 where the strides, \(strides), are greater")
    }
    let padding = try choice("padding", default: WindowPadding.valid)
    guard allowsCausal || padding != .causal else { throw outOfRange("padding", "causal", "valid and same") }
    return WindowParameters(
      lengths: lengths, strides: strides, dilation: dilation, padding: padding,
      dataFormat: try choice("data_format", default: .channelsLast))
  }

  /// Ignores what a class inherits and does not use.
  fileprivate mutating func ignoreGroups() { passOver("groups") }
  fileprivate mutating func ignoreKernel() {
    passOver("kernel_initializer", "kernel_regularizer", "kernel_constraint")
  }
}
