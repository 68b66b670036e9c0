import Activations
import KerasFormat
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

@Suite struct NormalizationTests {
  @Test func `normalisations keep the shape and have gradients`() throws {
    for shape in [[4, 3], [2, 3, 4], [2, 2, 3, 2]] {
      let x = sample(shape)
      let last = [shape.last!]
      let statistics = ["moving_mean": last, "moving_variance": last]
      let affine = ["gamma": last, "beta": last]
      let both = affine.merging(statistics) { first, _ in first }
      try checkLayer(BatchNormalization(), input: x, output: shape, weights: both, differsInTraining: true)
      try checkLayer(
        BatchNormalization(center: false, scale: false), input: x, output: shape, weights: statistics,
        differsInTraining: true)
      try checkLayer(LayerNormalization(), input: x, output: shape, weights: affine)
      try checkLayer(LayerNormalization(center: false), input: x, output: shape, weights: ["gamma": last])
      try checkLayer(RMSNormalization(), input: x, output: shape, weights: ["scale": last])
      try checkLayer(UnitNormalization(), input: x, output: shape)
    }
    let x = sample([2, 3, 4])
    try checkLayer(
      BatchNormalization(axis: 1, scale: false), input: x, output: x.shape,
      weights: ["beta": [3], "moving_mean": [3], "moving_variance": [3]], differsInTraining: true)
    try checkLayer(
      LayerNormalization(axis: 1), input: x, output: x.shape, weights: ["gamma": [3], "beta": [3]])
    try checkLayer(
      LayerNormalization(axis: [-1, 1]), input: x, output: x.shape, weights: ["gamma": [3, 4], "beta": [3, 4]])
    try checkLayer(RMSNormalization(axis: 1), input: x, output: x.shape, weights: ["scale": [3]])
    try checkLayer(UnitNormalization(axis: [1, 2]), input: x, output: x.shape)
  }

  private func normalisations(_ activation: Activation<Double>) -> [any Layer<Double>] {
    [
      BatchNormalization(activation: activation),
      BatchNormalization(center: false, scale: false, activation: activation),
      LayerNormalization(activation: activation), LayerNormalization(center: false, activation: activation),
      RMSNormalization(activation: activation),
      EinsumDense("ab,bc->ac", outputShape: [4], activation: activation, biasAxes: "c"),
      EinsumDense("ab,bc->ac", outputShape: [4], activation: activation),
    ]
  }

  @Test func `an activation in the layer is the activation after it, to the bit`() throws {
    let x = sample([4, 4])
    for activation in Activation<Double>.catalog {
      for (within, alone) in zip(normalisations(activation), normalisations(.linear)) {
        for training in [false, true] {
          var first = PhiloxGenerator(seed: 1)
          var second = first
          let y = try alone(x, training: training, using: &first)
          #expect(try within(x, training: training, using: &second) == activation(y), "\(activation) \(within)")
        }
      }
    }
  }

  @Test func `gradients go through the activation`() throws {
    let x = sample([4, 4])
    func check(_ layer: some Layer<Double>) throws {
      var layer = layer
      var generator = PhiloxGenerator(seed: 1)
      try layer.build(for: x, using: &generator)
      try checkGradients(of: layer, [x])
    }
    for activation in [Activation<Double>.relu, .silu, .softmax, .glu] {
      for layer in normalisations(activation) { try check(layer) }
    }
  }

  @Test func `an activation is a value, a literal or a function`() throws {
    let x = sample([4, 4])
    #expect(try BatchNormalization(activation: "silu")(x) == BatchNormalization { silu($0) }(x))
    #expect(try LayerNormalization(activation: "silu")(x) == LayerNormalization { silu($0) }(x))
    #expect(try RMSNormalization(activation: "silu")(x) == RMSNormalization { silu($0) }(x))
    #expect(
      try EinsumDense("ab,bc->ac", outputShape: [2], activation: "silu")(x)
        == EinsumDense("ab,bc->ac", outputShape: [2]) { silu($0) }(x))
  }

  @Test func `batch normalisation normalises the batch in training and by moving averages in use`() throws {
    var generator = PhiloxGenerator(seed: 2)
    let x = Tensor<Float>.normal([64, 8], mean: 5, standardDeviation: 3, using: &generator)
    var layer = BatchNormalization<Float>(momentum: 0.5, epsilon: 0)
    try layer.build(for: x, using: &generator)
    let y = try layer(x, training: true, using: &generator)
    #expect(y.mean(axis: 0).absolute().max().scalar < 1e-5)
    #expect((y.variance(axis: 0) - 1).absolute().max().scalar < 1e-5)
    #expect(try layer(x) == x)
    for _ in 0..<30 {
      layer.update(try layer.pullback(.ones(x.shape), at: x, using: &generator).statistics)
    }
    #expect((try layer(x) - y).absolute().max().scalar < 1e-4)
    #expect((layer.movingMean - x.mean(axis: 0)).absolute().max().scalar < 1e-5)
  }

  @Test func `frozen, batch normalisation computes as in use and leaves its averages`() throws {
    let x = sample([4, 3])
    var generator = PhiloxGenerator(seed: 2)
    var layer = BatchNormalization<Double>()
    try layer.build(for: x, using: &generator)
    let frozen = Sequential<Double> { layer.named("normalization").frozen }
    let result = try frozen.pullback(.ones([4, 3]), at: x, using: &generator)
    #expect(try layer(x) == result.output)
    #expect(isClose(result.input, .filled([4, 3], with: 1 / (1.001).squareRoot())))
    #expect(result.statistics.isEmpty)
    #expect(result.weights.places.count == 4 && result.weights.places.allSatisfy { result.weights[$0] == nil })
  }

  @Test func `gradients exist in use too`() throws {
    let x = sample([4, 3])
    var generator = PhiloxGenerator(seed: 2)
    var batch = BatchNormalization<Double>(movingMeanInitializer: "normal", activation: .tanh)
    try batch.build(for: x, using: &generator)
    try checkGradients(of: batch, [x], training: false)
    var layer = LayerNormalization<Double>(activation: .tanh)
    try layer.build(for: x, using: &generator)
    try checkGradients(of: layer, [x], training: false)
  }

  @Test func `float keeps the digits that the data has`() throws {
    var generator = PhiloxGenerator(seed: 2)
    let x = Tensor<Float>.normal([256, 4], mean: 1000, using: &generator)
    let exact = x.cast(to: Double.self)
    for (single, double) in [
      (
        BatchNormalization<Float>(epsilon: 0) as any Layer<Float>,
        BatchNormalization<Double>(epsilon: 0) as any Layer<Double>
      ),
      (LayerNormalization<Float>(epsilon: 0), LayerNormalization<Double>(epsilon: 0)),
    ] {
      var (first, second) = (generator, generator)
      let y = try single(x, training: true, using: &first).cast(to: Double.self)
      let expected = try double(exact, training: true, using: &second)
      #expect((y - expected).absolute().max().scalar < 3e-4)
    }
  }

  @Test func `a vector of zeros stays one`() throws {
    #expect(try UnitNormalization()([[0, 0], [3, 4]] as Tensor<Float>) == [[0, 0], [0.6, 0.8]])
  }

  @Test func `inputs that do not fit throw`() throws {
    var generator = PhiloxGenerator(seed: 0)
    var error = #expect(throws: LayerError.self) { try BatchNormalization(axis: 2)(Tensor<Float>.ones([2, 3])) }
    #expect("\(error!)" == "BatchNormalization: the input has the shape [batch, 3]; expected: one with the axis 2")
    var batch = BatchNormalization<Float>()
    try batch.build(for: .ones([2, 3]), using: &generator)
    error = #expect(throws: LayerError.self) { try batch(.ones([2, 4])) }
    #expect(
      "\(error!)"
        == "BatchNormalization: the input has the shape [batch, 4]; expected: one of 3 channels along the axis -1")
    error = #expect(throws: LayerError.self) { try LayerNormalization(axis: [1, -1])(Tensor<Float>.ones([2, 3])) }
    #expect(
      "\(error!)"
        == "LayerNormalization: the input has the shape [batch, 3]; expected: one with the axes [1, -1], all different"
    )
    var layer = LayerNormalization<Float>()
    try layer.build(for: .ones([2, 3]), using: &generator)
    error = #expect(throws: LayerError.self) { try layer(.ones([2, 4])) }
    #expect(
      "\(error!)"
        == "LayerNormalization: the input has the shape [batch, 4]; expected: one of [3] along the axes that are scaled"
    )
    #expect(throws: LayerError.self) { try RMSNormalization(axis: 5)(Tensor<Float>.ones([2, 3])) }
    #expect(throws: LayerError.self) { try UnitNormalization()(Tensor<Float>.ones([2])) }
  }

  @Test func `parameters outside their range stop the program`() async {
    await expectMessage(
      "BatchNormalization: the axes are [0]; allowed: axes of at least 1 and negative ones: 0 is the",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = BatchNormalization<Float>(axis: 0) })
    await expectMessage(
      "BatchNormalization: momentum is 1.1; allowed: 0...1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = BatchNormalization<Float>(momentum: 1.1) }
    )
    await expectMessage(
      "BatchNormalization: epsilon is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = BatchNormalization<Float>(epsilon: -1) })
    await expectMessage(
      "LayerNormalization: the axes are [0, 1]; allowed: axes of at least 1 and negative ones: 0 is the",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = LayerNormalization<Float>(axis: [0, 1]) })
    await expectMessage(
      "RMSNormalization: epsilon is inf; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = RMSNormalization<Float>(epsilon: .infinity)
      })
    await expectMessage(
      "UnitNormalization: the axes are [0]; allowed: axes of at least 1 and negative ones: 0 is the batch",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = UnitNormalization<Float>(axis: 0) })
  }
}
