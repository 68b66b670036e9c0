public import Activations
public import Layers
import Tensor

extension Dense: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "units": .integer(units), "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "activity_regularizer": activityRegularizer.configuration,
    ].merging(kernelWeight.configurations) { $1 }.merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      try reader.integer("units", from: 1), activation: try reader.activation("activation"),
      useBias: try reader.flag("use_bias", default: true),
      activityRegularizer: try reader.optionalValue("activity_regularizer"))
    try reader.read(into: &kernelWeight)
    try reader.read(into: &biasWeight, named: "bias")
  }
}

extension EinsumDense: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    [
      "equation": .string(equation), "output_shape": .list(partialOutputShape.map { Configuration($0) }),
      "activation": activation.configuration, "bias_axes": biasAxes.map { .string($0) } ?? .null,
    ].merging(kernelWeight.configurations) { $1 }.merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let equation = try reader.optionalString("equation"),
      let outputShape = try reader.optionalLengths("output_shape")
    else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: "equation or output_shape", allowed: "an equation and a list of lengths")
    }
    let biasAxes = try reader.optionalString("bias_axes")
    if let mistake = Self.mistake(in: equation, outputShape: outputShape, biasAxes: biasAxes) {
      throw reader.outOfRange("equation", equation.debugDescription, "equations like ab,bc->ac; \(mistake)")
    }
    self.init(
      equation, outputShape: outputShape, activation: try reader.activation("activation"), biasAxes: biasAxes)
    try reader.read(into: &kernelWeight)
    try reader.read(into: &biasWeight, named: "bias")
  }
}
