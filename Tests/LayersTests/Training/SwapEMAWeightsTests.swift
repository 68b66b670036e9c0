import Layers
import Tensor
import Testing

struct SwapEMAWeightsTests {
  let x: Tensor<Float>
  let y: Tensor<Int64>

  init() {
    var generator = PhiloxGenerator(seed: 5)
    x = .normal([60, 4], using: &generator)
    y = (x[0..., 0] .> 0).cast(to: Int64.self)
  }

  private func network(averaged: Bool = true) -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(8, activation: .relu)
      Dense(2, activation: .softmax)
    }
    model.compile(
      optimizer: .sgd(learningRate: 0.5).with(movingAverage: averaged ? MovingAverage(momentum: 0.9) : nil),
      loss: .sparseCategoricalCrossentropy)
    return model
  }

  private func weights(_ model: Model<Float>) -> [Tensor<Float>] { model.weights.map(\.value) }

  @Test func `validation is done with averages, training with weights`() throws {
    func trained(
      _ callbacks: [any Callback<Float>]
    ) throws -> (history: History, ends: [[Tensor<Float>]], model: Sequential<Float>) {
      var (model, generator) = (network(), PhiloxGenerator(seed: 1))
      var ends: [[Tensor<Float>]] = []
      let record = EpochEnd<Float> { ends.append(weights($0.model)) }
      let history = try model.fit(
        x, y, batchSize: 10, epochs: 3, validationData: ValidationData(x, y), callbacks: callbacks + [record],
        progress: .none, using: &generator)
      return (history, ends, model)
    }
    let plain = try trained([])
    let swapped = try trained([SwapEMAWeights()])
    let shown = try trained([SwapEMAWeights(swapsAtEpochEnd: true)])
    // Training is the same.
    for other in [swapped, shown] {
      #expect(other.history["loss"] == plain.history["loss"])
      #expect(weights(other.model) == weights(plain.model))
    }
    #expect(swapped.ends == plain.ends)
    #expect(shown.ends != plain.ends)
    // The last averages are what the model has at the end.
    #expect(shown.ends[2] == weights(plain.model))
    #expect(try plain.model.evaluate(x, y, batchSize: 10).loss == swapped.history["val_loss"][2])
    #expect(swapped.history["val_loss"] == shown.history["val_loss"])
    #expect(swapped.history["val_loss"] != plain.history["val_loss"])
    // Those of the epochs before, too.
    for epoch in 0..<3 {
      var judged = plain.model
      try judged.setWeights(zip(judged.namedWeights, shown.ends[epoch]).map { ($0.name, $1) })
      #expect(try judged.evaluate(x, y, batchSize: 10).loss == swapped.history["val_loss"][epoch])
    }
  }

  /// Keras 3.15 on TensorFlow in float64: `SGD(0.1, use_ema=True, ema_momentum=0.9)`, "mse", three epochs of batches of two in order,
  /// the same samples for validation.
  @Test func `losses and weights are those of Keras`() throws {
    let x: Tensor<Double> = [[1, 2], [3, -1], [-2, 1], [0.5, 0.5], [2, 2], [-1, -3]]
    let y: Tensor<Double> = [[1], [0], [2], [-1], [3], [0.5]]
    var (model, generator) = (Sequential<Double> { Dense(1, kernelInitializer: .ones) }, PhiloxGenerator(seed: 1))
    model.compile(
      optimizer: .sgd(learningRate: 0.1).with(movingAverage: MovingAverage(momentum: 0.9)), loss: .meanSquaredError)
    let history = try model.fit(
      x, y, batchSize: 2, epochs: 3, validationData: ValidationData(x, y), shuffle: false,
      callbacks: [SwapEMAWeights(swapsAtEpochEnd: true)], progress: .none, using: &generator)
    let losses = [4.737833333333334, 2.087333381166667, 1.8793405838834747]
    let judged = [3.013769304583333, 2.4203792099275465, 2.0231061468406057]
    #expect(zip(history["loss"], losses).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(history["val_loss"], judged).allSatisfy { abs($0 - $1) < 1e-12 })
    let weights = model.weights.flatMap(\.value.scalars)
    #expect(
      zip(weights, [0.012175504100000022, 0.6288115613, 0.07966126619999991]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  struct Broken: Error {}

  @Test func `an error during validation leaves the weights of training`() throws {
    final class Breaking: Callback {
      typealias Scalar = Float
      func validationEnded(_ run: inout TrainingRun<Float>) throws { throw Broken() }
    }
    func trained(_ callbacks: [any Callback<Float>]) -> [Tensor<Float>] {
      var (model, generator) = (network(), PhiloxGenerator(seed: 1))
      #expect(throws: Broken.self) {
        try model.fit(
          x, y, batchSize: 10, validationData: ValidationData(x, y), callbacks: callbacks, progress: .none,
          using: &generator)
      }
      return weights(model)
    }
    #expect(trained([Breaking(), SwapEMAWeights()]) == trained([Breaking()]))
  }

  @Test func `an optimizer without averages is refused`() throws {
    var (model, generator) = (network(averaged: false), PhiloxGenerator(seed: 1))
    let error = #expect(throws: TrainingError.self) {
      try model.fit(x, y, callbacks: [SwapEMAWeights()], progress: .none, using: &generator)
    }
    #expect(
      error?.description
        == "the moving average that the optimizer keeps for SwapEMAWeights is none; allowed: optimizers with one")
  }
}
