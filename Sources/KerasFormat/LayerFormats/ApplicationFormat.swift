public import Activations
public import Layers
import Tensor

/// A layer that belongs to a model of `keras.applications`, in whose module Keras has its class.
protocol ApplicationLayer<Scalar>: ConfigurableLayer {
  static var module: String { get }
}

extension LayerScale: ApplicationLayer {
  static var module: String { "keras.src.applications.convnext" }
  public var layerParameters: [String: Configuration] {
    ["init_values": .number(initialValue), "projection_dim": .integer(dimension)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(try reader.integer("projection_dim", from: 1), initialValue: try reader.number("init_values"))
  }
}

extension StochasticDepth: ApplicationLayer {
  static var module: String { "keras.src.applications.convnext" }
  public var layerParameters: [String: Configuration] { ["drop_path_rate": .number(rate)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(try reader.number("drop_path_rate", .closedUnit))
  }
}

extension CustomScaleLayer: ApplicationLayer {
  static var module: String { "keras.src.applications.inception_resnet_v2" }
  public var layerParameters: [String: Configuration] { ["scale": .number(scale)] }

  public init(from reader: inout LayerReader<Scalar>) throws { self.init(scale: try reader.number("scale")) }
}
