public import Activations
public import Layers
import Tensor

// MARK: Sizes

extension Resizing: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    var number = 0.0
    if case .pad(let border) = fitting { number = border }
    return [
      "height": .integer(height), "width": .integer(width), "interpolation": .string(interpolation.rawValue),
      "crop_to_aspect_ratio": .flag(fitting == .crop), "pad_to_aspect_ratio": .flag(fitting == .pad(number)),
      "fill_mode": "constant", "fill_value": .number(number), "antialias": .flag(antialias),
      "data_format": .string(dataFormat.rawValue),
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let crops = try reader.flag("crop_to_aspect_ratio", default: false)
    let pads = try reader.flag("pad_to_aspect_ratio", default: false)
    if crops && pads { throw reader.outOfRange("pad_to_aspect_ratio", "true", "false if crop_to_aspect_ratio is true") }
    try reader.expect("fill_mode", "constant")
    let border = try reader.number("fill_value", default: 0)
    self.init(
      height: try reader.integer("height", from: 1), width: try reader.integer("width", from: 1),
      interpolation: try reader.choice("interpolation", default: .bilinear),
      fitting: crops ? .crop : pads ? .pad(border) : .stretch, antialias: try reader.flag("antialias", default: false),
      dataFormat: try reader.format())
  }
}

extension CenterCrop: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["height": .integer(height), "width": .integer(width), "data_format": .string(dataFormat.rawValue)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      height: try reader.integer("height", from: 1), width: try reader.integer("width", from: 1),
      dataFormat: try reader.format())
  }
}

extension RandomCrop: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["height": .integer(height), "width": .integer(width), "data_format": .string(dataFormat.rawValue), "seed": nil]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      height: try reader.integer("height", from: 1), width: try reader.integer("width", from: 1),
      dataFormat: try reader.format())
  }
}

// MARK: Places

extension RandomFlip: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["mode": .string(mode.rawValue), "data_format": .string(dataFormat.rawValue), "seed": nil]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(mode: try reader.choice("mode", default: .horizontalAndVertical), dataFormat: try reader.format())
  }
}

extension RandomRotation: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { warpParameters(["factor": Configuration(range: factor)]) }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .signedUnit), fillMode: try reader.fillMode(),
      interpolation: try reader.interpolation(), fillValue: try reader.number("fill_value", default: 0),
      dataFormat: try reader.format())
  }
}

extension RandomTranslation: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    warpParameters([
      "height_factor": Configuration(factor: heightFactor), "width_factor": Configuration(factor: widthFactor),
    ])
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      heightFactor: try reader.factor("height_factor", .signedUnit),
      widthFactor: try reader.factor("width_factor", .signedUnit), fillMode: try reader.fillMode(),
      interpolation: try reader.interpolation(), fillValue: try reader.number("fill_value", default: 0),
      dataFormat: try reader.format())
  }
}

extension RandomZoom: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    warpParameters([
      "height_factor": Configuration(factor: heightFactor),
      "width_factor": widthFactor.map { Configuration(factor: $0) } ?? .null,
    ])
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let height = try reader.factor("height_factor", .signedUnit)
    let width = try reader.optionalFactor("width_factor", .signedUnit)
    let (fillMode, interpolation) = (try reader.fillMode(), try reader.interpolation())
    let (fillValue, format) = (try reader.number("fill_value", default: 0), try reader.format())
    if let width {
      self.init(
        heightFactor: height, widthFactor: width, fillMode: fillMode, interpolation: interpolation,
        fillValue: fillValue, dataFormat: format)
    } else {
      self.init(
        heightFactor: height, fillMode: fillMode, interpolation: interpolation, fillValue: fillValue, dataFormat: format
      )
    }
  }
}

extension RandomShear: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    warpParameters(["x_factor": Configuration(factor: xFactor), "y_factor": Configuration(factor: yFactor)])
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      xFactor: try reader.factor("x_factor", .signedUnit, default: 0...0),
      yFactor: try reader.factor("y_factor", .signedUnit, default: 0...0),
      interpolation: try reader.interpolation(), fillMode: try reader.fillMode(),
      fillValue: try reader.number("fill_value", default: 0), dataFormat: try reader.format())
  }
}

extension RandomPerspective: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "factor": Configuration(range: factor), "scale": .number(scale),
      "interpolation": .string(interpolation.rawValue), "fill_value": .number(fillValue),
      "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      factor: try reader.factor("factor", .closedUnit, from: 0, default: 0...1),
      scale: try reader.number("scale", .closedUnit, default: 1), interpolation: try reader.interpolation(),
      fillValue: try reader.number("fill_value", default: 0), dataFormat: try reader.format())
  }
}

extension RandomWarp {
  fileprivate func warpParameters(_ factors: [String: Configuration]) -> [String: Configuration] {
    factors.merging([
      "fill_mode": .string(fillMode.rawValue), "interpolation": .string(interpolation.rawValue),
      "fill_value": .number(fillValue), "data_format": .string(dataFormat.rawValue), "seed": nil,
    ]) { $1 }
  }
}
