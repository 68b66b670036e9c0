public import Activations
public import Layers
import Tensor

extension Normalization: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "axis": Configuration(axes), "invert": .flag(invert), "mean": given?.mean.nestedNumbers ?? .null,
      "variance": given?.variance.nestedNumbers ?? .null,
    ]
  }

  /// An empty list stands for no axis, Keras's setting for one mean of everything.
  public init(from reader: inout LayerReader<Scalar>) throws {
    let axes = reader.isGiven("axis") ? try reader.axesBehindBatch("axis", default: []) : [-1]
    let invert = try reader.flag("invert", default: false)
    guard let mean = reader.configuration("mean"), let variance = reader.configuration("variance") else {
      try reader.expect("variance", nil)
      self.init(axis: axes, invert: invert)
      return
    }
    func values(_ given: Configuration, _ parameter: String) throws -> Tensor<Scalar> {
      guard var values = Tensor<Scalar>(nestedNumbers: given) else {
        throw reader.outOfRange(parameter, given.description, "finite numbers and lists of them")
      }
      while values.rank > axes.count && values.shape[0] == 1 { values = values[0] }
      return values
    }
    let (means, variances) = (try values(mean, "mean"), try values(variance, "variance"))
    guard means.shape == variances.shape, means.rank <= axes.count else {
      throw reader.outOfRange(
        "mean", "of the shape \(means.shape) with a variance of \(variances.shape)",
        "one shape of at most \(axes.count) axes")
    }
    self.init(axis: axes, mean: means, variance: variances, invert: invert)
  }
}

extension Rescaling: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["scale": .number(scale), "offset": .number(offset)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(scale: try reader.number("scale"), offset: try reader.number("offset", default: 0))
  }
}

extension Masking: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["mask_value": .number(maskValue)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(maskValue: try reader.number("mask_value", default: 0))
  }
}
