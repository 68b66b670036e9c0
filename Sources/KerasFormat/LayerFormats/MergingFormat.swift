public import Activations
public import Layers
import Tensor

extension Add: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Subtract: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Multiply: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Average: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Maximum: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Minimum: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}

extension Concatenate: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["axis": .integer(axis)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(axis: try reader.axisBehindBatch("axis", default: -1))
  }
}

extension Dot: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["axes": Configuration(axisOrAxes: axes.0 == axes.1 ? [axes.0] : [axes.0, axes.1]), "normalize": .flag(normalize)]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let axes = try reader.axesBehindBatch("axes", default: [])
    guard axes.count == 1 || axes.count == 2 else { throw reader.outOfRange("axes", "\(axes)", "an axis or two") }
    self.init(axes: (axes[0], axes[axes.count - 1]), normalize: try reader.flag("normalize", default: false))
  }
}
