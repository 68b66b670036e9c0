import Activations
import Testing

@testable import Layers
@testable import Tensor

@Suite struct LayersInModelsTests {
  @Test func `a chain of layers has gradients`() throws {
    let x = sample([4, 3, 2, 2])
    var generator = PhiloxGenerator(seed: 5)
    var model = Sequential<Double> {
      Permute([2, 3, 1])
      BatchNormalization(activation: .tanh)
      Reshape([4, 3])
      EinsumDense("abc,cd->abd", outputShape: [nil, 5], activation: .silu, biasAxes: "d")
      LayerNormalization(axis: [1, 2])
      PReLU(alphaInitializer: .constant(0.2), sharedAxes: [1])
      AlphaDropout(0.2)
      Flatten()
      Dropout(0.3)
      Dense(6, activation: .selu, kernelInitializer: .lecunNormal)
      GaussianNoise(0.1)
      RMSNormalization()
      GaussianDropout(0.1)
      ELU(alpha: 0.5)
      RepeatVector(2)
      UnitNormalization()
      Rescaling(scale: 3, offset: 1)
      Softmax()
    }
    try model.build(for: x, using: &generator)
    #expect(try model.outputShape(for: [3, 2, 2]) == [2, 6])
    try checkGradients(of: model, [x])
  }

  @Test func `branches that join have gradients`() throws {
    let x = sample([4, 3])
    var generator = PhiloxGenerator(seed: 5)
    let input = Input<Double>(3)
    let left = Dense(4, activation: .tanh)(input)
    let right = BatchNormalization(activation: .silu)(Dense(4)(input))
    let sum = Add()(left, right)
    let product = Multiply()(sum, left)
    let joined = Concatenate()(
      Average()(sum, product), Maximum()(left, right), Subtract()(left, right), Dot(axes: 1)(left, right))
    var model = try Functional(inputs: input, outputs: LayerNormalization()(joined))
    try model.build(for: x, using: &generator)
    try checkGradients(of: model, [x])
  }

  @Test func `moving averages follow the training of a model`() throws {
    let x = sample([6, 3])
    var generator = PhiloxGenerator(seed: 5)
    var model = Sequential<Double> { BatchNormalization(momentum: 0.9) }
    try model.build(for: x, using: &generator)
    for _ in 0..<2 { model.update(try model.pullback(.ones(x.shape), at: x, using: &generator).statistics) }
    let mean = try #require(model.weights.first { $0.name == "moving_mean" })
    #expect(isClose(mean.value, x.mean(axis: 0) * 0.19))
  }
}
