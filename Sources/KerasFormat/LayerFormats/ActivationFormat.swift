public import Activations
public import Layers
import Tensor

extension Activation: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["activation": configuration] }

  public init(from reader: inout LayerReader<Scalar>) throws { self = try reader.activation("activation") }
}

extension ReLU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "max_value": Configuration(maxValue), "negative_slope": .number(negativeSlope), "threshold": .number(threshold),
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      maxValue: try reader.optionalNumber("max_value", .nonnegative),
      negativeSlope: try reader.number("negative_slope", .nonnegative, default: 0),
      threshold: try reader.number("threshold", .nonnegative, default: 0))
  }
}

extension LeakyReLU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["negative_slope": .number(negativeSlope)] }

  /// Keras 2 calls the slope alpha.
  public init(from reader: inout LayerReader<Scalar>) throws {
    let alpha = try reader.number("alpha", .nonnegative, default: 0.3)
    self.init(negativeSlope: try reader.number("negative_slope", .nonnegative, default: alpha))
  }
}

extension PReLU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    alphaWeight.configurations.merging(["shared_axes": sharedAxes.isEmpty ? .null : Configuration(sharedAxes)]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(sharedAxes: try reader.axesBehindBatch("shared_axes", default: []))
    try reader.read(into: &alphaWeight)
  }
}

extension ELU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["alpha": .number(alpha)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(alpha: try reader.number("alpha", default: 1))
  }
}

extension Softmax: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["axis": Configuration(axisOrAxes: axes)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(axis: try reader.optionalIntegers("axis") ?? [-1])
  }
}

extension ThresholdedReLU: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["theta": .number(theta)] }

  /// The layer with the same function, because Keras 3 no longer has this one.
  public var layersOfKeras: [any Layer<Scalar>] { [ReLU<Scalar>(threshold: theta)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(theta: try reader.number("theta", .nonnegative, default: 1))
  }
}
