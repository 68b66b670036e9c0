public import Activations
public import Layers
import Tensor

extension UpSampling1D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["size": .integer(size[0])] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(size: try reader.spatialLengths("size", 1, default: 2))
  }
}

extension UpSampling2D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "size": Configuration(size), "data_format": .string(dataFormat.rawValue),
      "interpolation": .string(interpolation.rawValue),
    ]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      size: try reader.spatialLengths("size", 2, default: 2),
      dataFormat: try reader.choice("data_format", default: .channelsLast),
      interpolation: try reader.choice("interpolation", default: .nearest))
  }
}

extension UpSampling3D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["size": Configuration(size), "data_format": .string(dataFormat.rawValue)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      size: try reader.spatialLengths("size", 3, default: 2),
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}
