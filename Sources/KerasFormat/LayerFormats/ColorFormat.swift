public import Activations
public import Layers
import Tensor

extension RandomContrast: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    var factor = try reader.factor("factor", .closedUnit, from: 0)
    // A single number is both of Keras 2's ends.
    if reader.dialect != .keras3 && factor.lowerBound == 0 { factor = factor.upperBound...factor.upperBound }
    self.init(factor: factor, valueRange: try reader.valueRange(), dataFormat: try reader.format())
  }
}

extension RandomBrightness: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .signedUnit), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomInvert: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0, default: 0...1), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomColorDegeneration: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .signedUnit), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomHue: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomSaturation: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .signedUnit), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomGrayscale: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["factor": .number(factor), "data_format": .string(dataFormat.rawValue), "seed": nil]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(factor: try reader.number("factor", .closedUnit, default: 0.5), dataFormat: try reader.format())
  }
}

extension RandomSharpness: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { colorParameters(factor) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension RandomGaussianBlur: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    colorParameters(factor).merging([
      "kernel_size": Configuration([kernelSize.columns, kernelSize.rows]), "sigma": Configuration(range: sigma),
    ]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    var size = try reader.spatialLengths("kernel_size", 2, default: 3)
    if size.count == 1 { size += size }
    guard size.allSatisfy({ $0 % 2 == 1 }) else { throw reader.outOfRange("kernel_size", "\(size)", "odd integers") }
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0, default: 0...1), kernelSize: (size[0], size[1]),
      sigma: try reader.factor("sigma", .closedUnit, from: 0, default: 0...1), valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension Solarization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "addition_factor": Configuration(range: additionFactor),
      "threshold_factor": Configuration(range: thresholdFactor),
      "value_range": Configuration(range: valueRange), "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      additionFactor: try reader.factor("addition_factor", .closedUnit, from: 0, default: 0...0),
      thresholdFactor: try reader.factor("threshold_factor", .closedUnit, from: 0, default: 0...0),
      valueRange: try reader.valueRange(), dataFormat: try reader.format())
  }
}

extension RandomErasing: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    let values = fillValue.map { $0.map { Configuration.number($0) } }
    return colorParameters(factor).merging([
      "scale": Configuration(range: scale),
      "fill_value": values.map { $0.count == 1 ? $0[0] : .list($0) } ?? .null,
    ]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    var values: [Double]?
    if let given = reader.configuration("fill_value") {
      values = given.asList == nil ? [try reader.number("fill_value")] : try reader.numbers("fill_value")
      guard [1, 3].contains(values!.count) else {
        throw reader.outOfRange("fill_value", given.description, "numbers and lists of three")
      }
    }
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0, default: 0...1),
      scale: try reader.factor("scale", .closedUnit, from: 0, default: 0.02...0.33), fillValue: values,
      valueRange: try reader.valueRange(), dataFormat: try reader.format())
  }
}

extension RandomColorJitter: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    func factor(_ range: ClosedRange<Double>?) -> Configuration { range.map(Configuration.init(range:)) ?? .null }
    return [
      "brightness_factor": factor(brightnessFactor), "contrast_factor": factor(contrastFactor),
      "saturation_factor": factor(saturationFactor), "hue_factor": factor(hueFactor),
      "value_range": Configuration(range: valueRange), "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      valueRange: try reader.valueRange(),
      brightnessFactor: try reader.optionalFactor("brightness_factor", .signedUnit),
      contrastFactor: try reader.optionalFactor("contrast_factor", .closedUnit, from: 0),
      saturationFactor: try reader.optionalFactor("saturation_factor", .signedUnit),
      hueFactor: try reader.optionalFactor("hue_factor", .closedUnit, from: 0), dataFormat: try reader.format())
  }
}

extension RandomPosterization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "factor": Configuration([factor.lowerBound, factor.upperBound]), "value_range": Configuration(range: valueRange),
      "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let bits = try reader.optionalIntegers("factor") else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: "factor", allowed: (1...8).integersDescription)
    }
    guard (1...2).contains(bits.count), bits.allSatisfy((1...8).contains) else {
      throw reader.outOfRange("factor", "\(bits)", "one or two integers from 1 to 8")
    }
    self.init(
      factor: (bits.count == 1 ? 1 : bits.min()!)...bits.max()!, valueRange: try reader.valueRange(),
      dataFormat: try reader.format())
  }
}

extension AutoContrast: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["value_range": Configuration(range: valueRange), "data_format": .string(dataFormat.rawValue)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    try reader.expect("data_format", "channels_last")
    self.init(valueRange: try reader.valueRange())
  }
}

extension Equalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "bins": .integer(bins), "value_range": Configuration(range: valueRange),
      "data_format": .string(dataFormat.rawValue),
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      valueRange: try reader.valueRange(), bins: try reader.integer("bins", from: 2, to: 65_536, default: 256),
      dataFormat: try reader.format())
  }
}

extension RandomColors {
  fileprivate func colorParameters(_ factor: ClosedRange<Double>) -> [String: Configuration] {
    [
      "factor": Configuration(range: factor), "value_range": Configuration(range: valueRange),
      "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]
  }
}
