import KerasFormat
import Layers
import Testing

/// What `print` shows of layers, stages and models.
@Suite struct LayerDescriptionTests {
  @Test func `a layer is its name and the parameters that are not its defaults`() {
    #expect("\(Dense<Float>(64))" == "Dense(64)")
    #expect("\(Dense<Float>(64, activation: .relu))" == "Dense(64, activation: relu)")
    #expect(
      "\(Dense<Float>(2, useBias: false, kernelInitializer: .heNormal))"
        == "Dense(2, useBias: false, kernelInitializer: HeNormal)")
    #expect("\(LeakyReLU<Float>())" == "LeakyReLU()")
    #expect("\(LeakyReLU<Float>(negativeSlope: 0.1))" == "LeakyReLU(negativeSlope: 0.1)")
    #expect("\(Dropout<Float>(0.5))" == "Dropout(0.5)")
    #expect("\(Add<Float>())" == "Add()")
    #expect("\(Dot<Float>(axes: (1, 2), normalize: true))" == "Dot(axes: (1, 2), normalize: true)")
    #expect("\(BatchNormalization<Float>(axis: 1, scale: false))" == "BatchNormalization(axis: 1, scale: false)")
    #expect("\(LayerNormalization<Float>(axis: [1, 2]))" == "LayerNormalization(axis: [1, 2])")
    #expect("\(Dropout<Float>(0.5, noiseShape: [nil, 1]))" == "Dropout(0.5, noiseShape: [nil, 1])")
    #expect("\(Reshape<Float>([1, 1, 1, 1, 1, 1, 1, 1, 2, 2]))" == "Reshape([1, 1, 1, 1, 1, 1, 1, 1, … 10 in all])")
    #expect("\(Masking<Float>(maskValue: -1))" == "Masking(maskValue: -1.0)" && "\(Masking<Float>())" == "Masking()")
    #expect("\(Flatten<Float>(dataFormat: .channelsFirst))" == "Flatten(dataFormat: channelsFirst)")
    #expect(
      "\(EinsumDense<Float>("...x,xy->...y", outputShape: [64], biasAxes: "y"))"
        == #"EinsumDense("...x,xy->...y", outputShape: [64], biasAxes: "y")"#)
    #expect(
      "\(Embedding<Float>(inputDim: 9, outputDim: 4, maskZero: true))"
        == "Embedding(inputDim: 9, outputDim: 4, maskZero: true)")
    #expect(
      "\(MultiHeadAttention<Float>(numHeads: 2, keyDim: 8, useCausalMask: true))"
        == "MultiHeadAttention(numHeads: 2, keyDim: 8, useCausalMask: true)")
    #expect("\(Attention<Float>(scoreMode: .concat))" == "Attention(scoreMode: .concat)")
    #expect("\(Scale<Float>())" == "Scale()")
  }

  @Test func `weights are not shown`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> {
      Input(64)
      Dense(64, activation: .relu).named("hidden")
      Dense(10).frozen
    }
    try model.build(using: &generator)
    #expect("\(model["hidden"])" == "hidden: Dense(64, activation: relu)")
    #expect("\(model.stages[1])" == "dense: Dense(10), frozen")
    #expect("\(Dropout<Float>(0.5).frozen)" == "Dropout(0.5), frozen")
    #expect("\(model)" == "Sequential(name: sequential, layers: 2)")
  }
}
