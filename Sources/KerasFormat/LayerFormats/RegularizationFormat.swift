public import Activations
public import Layers
import Tensor

extension Dropout: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["rate": .number(rate), "noise_shape": Configuration(lengths: noiseShape), "seed": nil]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      try reader.number("rate", .closedUnit), noiseShape: try reader.optionalLengths("noise_shape"))
  }
}

extension SpatialDropout1D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { spatialDropoutParameters }

  public init(from reader: inout LayerReader<Scalar>) throws {
    try reader.passOverDropoutParameters()
    self.init(try reader.number("rate", .closedUnit))
  }
}

extension SpatialDropout2D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    spatialDropoutParameters.merging(["data_format": .string(dataFormat.rawValue)]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    try reader.passOverDropoutParameters()
    self.init(
      try reader.number("rate", .closedUnit), dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension SpatialDropout3D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    spatialDropoutParameters.merging(["data_format": .string(dataFormat.rawValue)]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    try reader.passOverDropoutParameters()
    self.init(
      try reader.number("rate", .closedUnit), dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension SpatialDropout {
  fileprivate var spatialDropoutParameters: [String: Configuration] {
    ["rate": .number(rate), "seed": nil]
  }
}

extension LayerReader {
  /// Ignores the parameter that Keras's spatial dropout inherits: it computes the shape of its noise itself.
  fileprivate mutating func passOverDropoutParameters() throws { passOver("noise_shape") }
}

extension AlphaDropout: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["rate": .number(rate), "noise_shape": Configuration(lengths: noiseShape), "seed": nil]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      try reader.number("rate", .halfOpenUnit), noiseShape: try reader.optionalLengths("noise_shape"))
  }
}

extension GaussianDropout: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["rate": .number(rate), "seed": nil] }

  public init(from reader: inout LayerReader<Scalar>) throws { self.init(try reader.number("rate", .halfOpenUnit)) }
}

extension GaussianNoise: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["stddev": .number(stddev), "seed": nil] }

  public init(from reader: inout LayerReader<Scalar>) throws { self.init(try reader.number("stddev", .closedUnit)) }
}

extension ActivityRegularization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["l1": .number(l1), "l2": .number(l2)] }

  /// Ignores what the base class repeats.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      l1: try reader.number("l1", .nonnegative, default: 0), l2: try reader.number("l2", .nonnegative, default: 0))
    reader.passOver("activity_regularizer")
  }
}
