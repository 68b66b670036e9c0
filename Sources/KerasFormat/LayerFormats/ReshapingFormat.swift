public import Activations
public import Layers
import Tensor

extension Flatten: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["data_format": .string(dataFormat.rawValue)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension Reshape: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["target_shape": Configuration(targetShape)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let shape = try reader.optionalIntegers("target_shape") else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: "target_shape", allowed: "lists of lengths")
    }
    guard Self.isTargetShape(shape) else { throw reader.outOfRange("target_shape", "\(shape)", Self.targetShapes) }
    self.init(shape)
  }
}

extension Permute: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["dims": Configuration(dims)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let dims = try reader.optionalIntegers("dims") ?? []
    guard !dims.isEmpty, dims.sorted() == Array(1...dims.count) else {
      throw reader.outOfRange("dims", "\(dims)", "1, 2, … in any order, each once")
    }
    self.init(dims)
  }
}

extension RepeatVector: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["n": .integer(n)] }
  public init(from reader: inout LayerReader<Scalar>) throws { self.init(try reader.integer("n", from: 1)) }
}

extension Identity: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { [:] }
  public init(from reader: inout LayerReader<Scalar>) { self.init() }
}
