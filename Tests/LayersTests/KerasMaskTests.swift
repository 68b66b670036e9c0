import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// What make_masks.py had Keras do.
private struct KerasMasks: Decodable {
  struct Single: Decodable {
    let name: String
    let training: Bool
    let input: TensorFixture
    let mask: TensorFixture?
  }
  struct Several: Decodable {
    let name: String
    let masked: [Bool]
    let inputs: [TensorFixture]
    let upstream: TensorFixture
    let output: TensorFixture
    let mask: TensorFixture?
    let gradients: [TensorFixture]
  }
  struct Computing: Decodable {
    struct KerasWeight: Decodable {
      let before: TensorFixture
      let after: TensorFixture
      let gradient: TensorFixture?
    }
    let name: String
    let maskValue: Double
    let training: Bool
    let input: TensorFixture
    let upstream: TensorFixture
    let output: TensorFixture
    let gradient: TensorFixture
    let weights: [KerasWeight]
  }
  struct Trained: Decodable {
    let name: String
    let inputs: [TensorFixture]
    let targets: [TensorFixture]
    let sampleWeights: [TensorFixture]?
    let before: [TensorFixture]
    let after: [TensorFixture]
    let losses: [Double]
    let results: [String: Double]
    let predictions: [TensorFixture]
  }
  let single: [Single]
  let several: [Several]
  let computing: [Computing]
  let trained: [Trained]
}

private let layersOfOneInput: [String: any Layer<Double>] = [
  "Dense": Dense(2),
  "Dense with PReLU": ActivatedLayer(Dense(2), activation: PReLU()),
  "EinsumDense": EinsumDense("abc,cd->abd", outputShape: [nil, 3]),
  "Activation": Activation.gelu(),
  "ReLU": ReLU(),
  "LeakyReLU": LeakyReLU(),
  "ELU": ELU(),
  "PReLU": PReLU(),
  "BatchNormalization": BatchNormalization(),
  "LayerNormalization": LayerNormalization(),
  "GroupNormalization": GroupNormalization(groups: 2),
  "RMSNormalization": RMSNormalization(),
  "UnitNormalization": UnitNormalization(),
  "Normalization": Normalization(mean: 1, variance: 4),
  "Rescaling": Rescaling(scale: 2),
  "Dropout": Dropout(0.5),
  "SpatialDropout1D": SpatialDropout1D(0.5),
  "SpatialDropout2D": SpatialDropout2D(0.5),
  "SpatialDropout3D": SpatialDropout3D(0.5),
  "AlphaDropout": AlphaDropout(0.5),
  "GaussianDropout": GaussianDropout(0.5),
  "GaussianNoise": GaussianNoise(0.5),
  "ActivityRegularization": ActivityRegularization(l1: 0.5),
  "Conv1D": Conv1D(2, kernelSize: 1),
  "Conv2D": Conv2D(2, kernelSize: 1),
  "Conv3D": Conv3D(2, kernelSize: 1),
  "Conv1DTranspose": Conv1DTranspose(2, kernelSize: 1),
  "Conv2DTranspose": Conv2DTranspose(2, kernelSize: 1),
  "Conv3DTranspose": Conv3DTranspose(2, kernelSize: 1),
  "DepthwiseConv1D": DepthwiseConv1D(kernelSize: 1),
  "DepthwiseConv2D": DepthwiseConv2D(kernelSize: 1),
  "SeparableConv1D": SeparableConv1D(2, kernelSize: 1),
  "SeparableConv2D": SeparableConv2D(2, kernelSize: 1),
  "MaxPooling1D": MaxPooling1D(),
  "MaxPooling2D": MaxPooling2D(),
  "MaxPooling3D": MaxPooling3D(poolSize: 1),
  "AveragePooling1D": AveragePooling1D(poolSize: 2),
  "AveragePooling2D": AveragePooling2D(poolSize: 2),
  "AveragePooling3D": AveragePooling3D(poolSize: 1),
  "GlobalMaxPooling1D": GlobalMaxPooling1D(),
  "GlobalMaxPooling2D": GlobalMaxPooling2D(),
  "GlobalMaxPooling3D": GlobalMaxPooling3D(),
  "GlobalAveragePooling1D": GlobalAveragePooling1D(),
  "GlobalAveragePooling2D": GlobalAveragePooling2D(),
  "GlobalAveragePooling3D": GlobalAveragePooling3D(),
  "AdaptiveMaxPooling1D": AdaptiveMaxPooling1D(outputSize: 1),
  "AdaptiveMaxPooling2D": AdaptiveMaxPooling2D(outputSize: 1),
  "AdaptiveMaxPooling3D": AdaptiveMaxPooling3D(outputSize: 1),
  "AdaptiveAveragePooling1D": AdaptiveAveragePooling1D(outputSize: 1),
  "AdaptiveAveragePooling2D": AdaptiveAveragePooling2D(outputSize: 1),
  "AdaptiveAveragePooling3D": AdaptiveAveragePooling3D(outputSize: 1),
  "ZeroPadding1D": ZeroPadding1D(),
  "ZeroPadding2D": ZeroPadding2D(),
  "ZeroPadding3D": ZeroPadding3D(),
  "Cropping1D": Cropping1D(),
  "Cropping2D": Cropping2D(cropping: [(1, 0), (0, 0)]),
  "Cropping3D": Cropping3D(cropping: [(1, 0), (0, 0), (0, 0)]),
  "UpSampling1D": UpSampling1D(),
  "UpSampling2D": UpSampling2D(),
  "UpSampling3D": UpSampling3D(),
  "Flatten": Flatten(),
  "Reshape": Reshape([4, 3]),
  "Permute": Permute([2, 1]),
  "Identity": Identity(),
  "Masking": Masking(maskValue: 0.5),
  "LayerScale": LayerScale(4, initialValue: 0.5),
  "StochasticDepth": StochasticDepth(0.5),
  "Model that keeps": Sequential([Dense(2), ReLU()]),
  "Model that drops": Sequential([Dense(2), Flatten()]),
  "Model that masks": Sequential([Masking(maskValue: 0.5), Dense(2)]),
]

private let mergingLayers: [String: any Layer<Double>] = [
  "Add": Add(), "Subtract": Subtract(), "Multiply": Multiply(), "Average": Average(), "Maximum": Maximum(),
  "Minimum": Minimum(), "Concatenate": Concatenate(), "Concatenate along axis 1": Concatenate(axis: 1),
  "Dot": Dot(axes: -1), "CustomScaleLayer": CustomScaleLayer(scale: 0.17),
]

/// Layers behind `Masking`, with what they make of the mask as a second output.
private struct Masked: Layer {
  let masked: [Bool]
  var layer: any Layer<Double>

  func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let shape = try layer.outputShapes(for: inputShapes)[0]
    return [shape, shape.isEmpty ? [] : shape]
  }
  mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try layer.build(inputShapes: inputShapes, using: &generator)
  }
  mutating func forEachWeight(_ body: (inout Weight<Double>) throws -> Void) rethrows { try layer.forEachWeight(body) }

  func call(_ inputs: [Traced<Double>]) throws -> [Traced<Double>] {
    let output = try layer(zip(inputs, masked).map { $1 ? try Masking()($0) : $0 })[0]
    // 0 and 1 where there is a mask, 2 where there is none.
    let ones = try output * 0 + 1
    return [output, try output.mask.map { try ones.replaced(outside: $0, by: 0) } ?? ones * 2]
  }
}

@Suite struct KerasMaskTests {
  private let keras: KerasMasks

  init() throws { keras = try jsonFixture("masks") }

  /// The mask that a second output of ``Masked`` shows; none where there is none.
  private func mask(_ shown: Tensor<Double>, like expected: Tensor<Double>?) -> Tensor<Double>? {
    if shown.max().scalar == 2 { return nil }
    guard let expected, shown.shape.starts(with: expected.shape) else { return shown }
    let rest = Array(expected.rank..<shown.rank)
    return rest.isEmpty ? shown : shown.mean(axis: rest)
  }

  @Test func `layers keep masks and drop them as Keras's do`() throws {
    #expect(keras.single.count == 2 * layersOfOneInput.count)
    for single in keras.single {
      var generator = PhiloxGenerator(seed: 1)
      var layer = Masked(masked: [true], layer: try #require(layersOfOneInput[single.name]))
      let x = single.input.tensor
      try layer.build(inputShapes: [Array(x.shape.dropFirst())], using: &generator)
      let outputs = try layer.computed([x], training: single.training, using: &generator)
      let expected = single.mask?.tensor
      #expect(mask(outputs[1], like: expected) == expected, "\(single.name), \(single.training)")
    }
  }

  @Test func `every layer of the package is among those`() {
    let said = layersOfOneInput.values.map(\.className) + mergingLayers.values.map(\.className)
    // Images have no steps that a mask could leave out.
    let ofImages: Set = [
      "Resizing", "CenterCrop", "Solarization", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation",
      "RandomZoom", "RandomShear", "RandomContrast", "RandomBrightness", "RandomInvert", "RandomColorDegeneration",
      "RandomGrayscale", "RandomHue", "RandomSaturation", "RandomColorJitter", "RandomPosterization", "AutoContrast",
      "Equalization", "RandomPerspective", "RandomSharpness", "RandomGaussianBlur", "RandomErasing",
    ]
    // Beside Keras in RecurrenceTests. An embedding's input has no mask; MaskedTrainingTests has its output's.
    let recurrent: Set = [
      "SimpleRNN", "LSTM", "GRU", "RNN", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells", "ConvLSTM1D",
      "ConvLSTM2D", "ConvLSTM3D", "Bidirectional", "TimeDistributed",
    ]
    let others = ofImages.union(recurrent).union([
      "Softmax", "ThresholdedReLU", "RepeatVector", "Embedding", "CategoryEncoding", "Discretization", "Hashing",
      "HashedCrossing", "IntegerLookup", "StringLookup", "TextVectorization", "MultiHeadAttention",
      "GroupQueryAttention", "Attention", "AdditiveAttention",
    ])
    for name in LayerRegistry<Double>.builtInNames {
      #expect(said.contains(name) != others.contains(name), "\(name)")
    }
    #expect(Softmax<Double>().keepsMask && ThresholdedReLU<Double>().keepsMask && !RepeatVector<Double>(2).keepsMask)
  }

  @Test func `merging layers compute with masks and join them as Keras's do`() throws {
    for several in keras.several {
      let layer = Masked(masked: several.masked, layer: try #require(mergingLayers[several.name]))
      let inputs = several.inputs.map(\.tensor)
      let result = try run(layer, inputs, training: true) { [several.upstream.tensor, .zeros($0[1])] }
      let expected = several.mask?.tensor
      #expect(isClose(result.outputs[0], several.output.tensor), "\(several.name), \(several.masked)")
      #expect(mask(result.outputs[1], like: expected) == expected, "\(several.name), \(several.masked)")
      for (gradient, expected) in zip(result.inputs, several.gradients) {
        #expect(isClose(gradient, expected.tensor), "\(several.name), \(several.masked)")
      }
    }
  }

  @Test func `batches are normalised by what counts, as in Keras`() throws {
    for computing in keras.computing {
      let layer =
        computing.name == "BatchNormalization"
        ? BatchNormalization<Double>() : BatchNormalization(momentum: 0.7, center: false, scale: false)
      var model = Sequential<Double>([Masking(maskValue: computing.maskValue), layer])
      var generator = PhiloxGenerator(seed: 1)
      let x = computing.input.tensor
      try model.build(for: x, using: &generator)
      var values = computing.weights.map(\.before.tensor)[...]
      model.forEachWeight { $0.value = values.removeFirst() }
      let result = try run(model, [x], training: computing.training) { _ in [computing.upstream.tensor] }
      model.update(result.statistics)
      #expect(isClose(result.output, computing.output.tensor, 1e-11))
      #expect(isClose(result.input, computing.gradient.tensor, 1e-11))
      for (weight, expected) in zip(model.weights, computing.weights) {
        #expect(isClose(weight.value, expected.after.tensor), "\(weight.name)")
        if let gradient = expected.gradient {
          let found = try #require(result.weights["batch_normalization/\(weight.name)"])
          #expect(isClose(found, gradient.tensor), "\(weight.name)")
        }
      }
    }
  }
}
