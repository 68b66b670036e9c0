public import Activations
public import Layers
import Tensor

extension Embedding: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    ["input_dim": .integer(inputDim), "output_dim": .integer(outputDim), "mask_zero": .flag(maskZero)]
      .merging(embeddingsWeight.configurations) { $1 }
  }

  /// Ignores Keras 2's `input_length`, which is an axis of the input.
  public init(from reader: inout LayerReader<Scalar>) throws {
    let inputDim = try reader.integer("input_dim", from: 1)
    guard inputDim <= Self.vocabularyLimit else {
      throw reader.outOfRange("input_dim", "\(inputDim)", "1 to \(Self.vocabularyLimit) in \(Scalar.self)")
    }
    self.init(
      inputDim: inputDim, outputDim: try reader.integer("output_dim", from: 1),
      embeddingsInitializer: .randomUniform(), maskZero: try reader.flag("mask_zero", default: false))
    try reader.read(into: &embeddingsWeight)
    reader.passOver("input_length")
    for parameter in ["lora_rank", "lora_alpha", "quantization_config", "weights"] {
      try reader.expect(parameter, nil)
    }
  }
}
