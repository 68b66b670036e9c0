import Activations
import Layers
import Tensor
import TestSupport
import Testing

/// Gradients as values, and loops that are written with them: by what is public.
@Suite struct GradientsTests {
  let x = Tensor<Float>.linspace(-1, 1, count: 48).reshaped([12, 4])
  let y = Tensor<Int64>([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])

  private func network() -> Model<Float> {
    var model = Sequential<Float> {
      Dense(5, activation: .tanh).named("hidden")
      BatchNormalization()
      Dense(3, activation: .softmax, kernelRegularizer: .l2(0.01)).named("last")
    }
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    return model
  }

  @Test func `a custom loop trains as a step of the model does`() throws {
    var (first, second) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    var (model, own) = (network(), network())
    var state = OptimizerState<Float>(.adam())
    for _ in 0..<3 {
      let loss = try model.trainOnBatch(x, y, using: &first)
      let (value, gradients) = try own.valueAndGradients(x, y, using: &second)
      try state.update(&own, gradients)
      #expect(value == loss)
    }
    #expect(model.weights.map(\.value) == own.weights.map(\.value))
    #expect(first == second)
    #expect(try model(x) == own(x))
  }

  @Test func `gradients are keyed by places, with none for what is not trained`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let (_, gradients) = try model.valueAndGradients(x, y, using: &generator)
    #expect(
      gradients.places == [
        "hidden/kernel", "hidden/bias", "batch_normalization/gamma", "batch_normalization/beta",
        "batch_normalization/moving_mean", "batch_normalization/moving_variance", "last/kernel", "last/bias",
      ])
    #expect(gradients["hidden/kernel"]?.shape == [4, 5] && gradients["batch_normalization/moving_mean"] == nil)
    model["hidden"].isTrainable = false
    #expect(try model.valueAndGradients(x, y, using: &generator).gradients["hidden/kernel"] == nil)
    let outer = Sequential<Float> { model.named("inner") }
    let pullback = try outer.pullback(.ones([12, 3]), at: x, using: &generator)
    #expect(pullback.weights.places[0] == "inner/hidden/kernel" && pullback.weights["inner/hidden/kernel"] == nil)
    #expect(pullback.statistics.keys.sorted().first == "inner/batch_normalization/moving_mean")
  }

  @Test func `gradients are described by places and shapes`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let layer = Sequential<Float> { BatchNormalization() }
    let gradients = try layer.pullback(.ones([12, 4]), at: x, using: &generator).weights
    #expect(
      "\(gradients)" == """
        batch_normalization/gamma: [4]
        batch_normalization/beta: [4]
        batch_normalization/moving_mean: none
        batch_normalization/moving_variance: none
        """)
  }

  @Test func `clipping, scaling and sums`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let (_, gradients) = try model.valueAndGradients(x, y, using: &generator)
    let norm = gradients.norm
    #expect(abs(gradients.clipped(byGlobalNorm: Float(norm / 2)).norm - norm / 2) < 1e-6)
    #expect(gradients.clipped(byGlobalNorm: Float(norm * 2)).norm == norm)
    let value = gradients.clipped(byValue: 0.01)
    #expect(value.places.allSatisfy { value[$0].map { $0.absolute().max().scalar <= 0.01 } ?? true })
    let single = gradients.clipped(byNorm: 0.1)
    #expect(
      single.places.allSatisfy { single[$0].map { $0.squared().sum().scalar.squareRoot() <= 0.10001 } ?? true })
    #expect(abs((gradients + gradients).norm - 2 * norm) < 1e-6 && abs(gradients.scaled(by: 3).norm - 3 * norm) < 1e-5)
    var broken = gradients
    broken["last/bias"] = Tensor([.nan, 0, 0])
    #expect(!broken.isFinite && gradients.isFinite)
    #expect(broken.clipped(byGlobalNorm: 1)["hidden/kernel"]!.isNaN.all().scalar)
  }

  @Test func `micro-batches add up to the batch`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> { Dense(3, activation: .softmax) }
    model.compile(loss: .sparseCategoricalCrossentropy)
    let whole = try model.valueAndGradients(x, y, using: &generator).gradients
    var sum = try model.valueAndGradients(x[0..<6], y[0..<6], using: &generator).gradients
    sum += try model.valueAndGradients(x[6...], y[6...], using: &generator).gradients
    let difference = sum.scaled(by: 0.5) + whole.scaled(by: -1)
    #expect(difference.norm < 1e-6)
  }

  @Test func `gradients of another model are refused`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    var other = Sequential<Float> { Dense(3, activation: .softmax).named("other") }
    other.compile(loss: .sparseCategoricalCrossentropy)
    let (_, gradients) = try other.valueAndGradients(x, y, using: &generator)
    try model.build(for: x, using: &generator)
    var state = OptimizerState<Float>(.adam())
    let error = #expect(throws: TrainingError.self) { try state.update(&model, gradients) }
    #expect("\(error!)" == "the gradients are not those of the model: other/kernel [4, 3] and hidden/kernel [4, 5]")
    #expect(state.iteration == 0)
  }

  @Test func `moving statistics are a result of the forward computation`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    try model.build(for: x, using: &generator)
    let before = model.weights.map(\.value)
    let result = try model.pullback(.zeros([12, 3]), at: x, using: &generator)
    #expect(model.weights.map(\.value) == before)
    #expect(result.statistics.count == 2)
    model.update(result.statistics)
    #expect(model.weights[4].value != before[4] && model.weights[0].value == before[0])
  }

  @Test func `places that there are not stop the program`() async {
    await expectMessage(
      #"there is no weight at "kernel"; there are dense/kernel, dense/bias"#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        let model = Sequential<Float> { Dense(3) }
        _ = try model.pullback(.ones([2, 3]), at: .ones([2, 4]), using: &generator).weights["kernel"]
      })
    await expectMessage(
      "Dense: the upstream gradients have the shapes [[2, 4]], the outputs [[2, 3]]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        _ = try Dense<Float>(3).pullback(.ones([2, 4]), at: .ones([2, 4]), using: &generator)
      })
  }
}
