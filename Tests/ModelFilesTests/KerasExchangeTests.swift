import Foundation
import Testing

@testable import ModelFiles

/// Models for Keras to load: every kind of layer, of merging and of optimizer. `Scripts/check-keras` says where to write them
/// and holds Keras's predictions, and where its training goes, against ours.
struct KerasExchangeTests {
  private static let folder = ProcessInfo.processInfo.environment["ACTIVATIONS_KERAS_FOLDER"]

  @Test(.enabled(if: folder != nil)) func `models for Keras are written`() throws {
    let folder = Self.folder!
    for (name, model, inputs) in try Self.models { try Self.write(name, model, inputs) }
    let double = try Sequential<Double>(contentsOf: "\(kerasFolder)/k3_sequential.keras")
    let x = Self.numbers([5, 6])
    try double.write(to: "\(folder)/double.keras")
    try NPZFile.write(
      ["x0": x, "y0": try double(x.cast(to: Double.self))], to: "\(folder)/double.npz")
    for (name, optimizer) in Self.optimizers { try Self.write("optimizer_\(name)", trainedWith: optimizer) }
    // What Keras itself has written, written again, but for training: Keras warns of a state that optimizers do not have
    // before the first step. In half precision it predicts otherwise.
    for name in KerasModelTests.whole where !name.contains("float") {
      let base = String(name.prefix { $0 != "." })
      let samples = try NPZFile("\(kerasFolder)/\(base == "k3_older" ? "k3_sequential" : base).npz")
      let inputs: [Tensor<Float>] = try samples.tensors.filter { $0.name.hasPrefix("x") }.map {
        try samples.tensor($0.name)
      }
      let model = try readModel(from: "\(kerasFolder)/\(name)", compile: false)
      try Self.write("again_" + name.replacing(".", with: "_"), model, inputs)
    }
  }

  private static func numbers(_ shape: [Int], seed: UInt64 = 3) -> Tensor<Float> {
    var generator = PhiloxGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  private static func write(_ name: String, _ model: Model<Float>, _ inputs: [Tensor<Float>]) throws {
    var model = model
    var generator = PhiloxGenerator(seed: 1)
    if inputs.count == 1, model.outputs.count == 1 { try model.build(for: inputs[0], using: &generator) }
    let outputs = try model(inputs)
    try model.write(to: "\(folder!)/\(name).keras")
    try model.writeWeights(to: "\(folder!)/\(name).weights.h5")
    try NPZFile.write(
      inputs.enumerated().map { NamedTensor("x\($0.offset)", $0.element) }
        + outputs.enumerated().map { NamedTensor("y\($0.offset)", $0.element) }, to: "\(folder!)/\(name).npz")
  }

  /// Trained for three steps, written, trained for two more.
  private static func write(_ name: String, trainedWith optimizer: Optimizer<Float>) throws {
    let (x, labels) = (numbers([6, 4]), Tensor<Int64>([0, 1, 2, 0, 1, 2]))
    var model: Model<Float> = Sequential<Float> {
      Input(4)
      Dense(5, activation: .tanh)
      Dense(4, activation: .tanh).frozen
      Dense(3, activation: .softmax)
    }
    model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    var generator = PhiloxGenerator(seed: 2)
    try model.fit(x, labels, batchSize: 6, epochs: 3, shuffle: false, progress: .none, using: &generator)
    try model.write(to: "\(folder!)/\(name).keras")
    let before = try model.predict(x)
    try model.fit(x, labels, batchSize: 6, epochs: 2, shuffle: false, progress: .none, using: &generator)
    try NPZFile.write(
      ["x0": x, "y0": before, "labels": labels, "after": try model.predict(x)], to: "\(folder!)/\(name).npz")
  }

  /// What Keras has not, cannot write down, or, in the case of sparsemax, computes otherwise: its rows do not add up to 1.
  private static let unknownToKeras = [
    "glu", "linear", "threshold", "sparsemax",
  ]

  private static var optimizers: [(String, Optimizer<Float>)] {
    [
      ("adafactor", .adafactor(learningRate: 0.05)), ("muon", .muon(learningRate: 0.02)),
      ("schedule_free", .scheduleFreeAdamW(learningRate: 0.02, warmupSteps: 4)),
      (
        "loss_scale",
        .adam(learningRate: 0.01).with(dynamicLossScale: DynamicLossScale(initialScale: 64, growthSteps: 4))
      ),
      ("sgd", .sgd(learningRate: 0.1)), ("momentum", .sgd(learningRate: 0.05, momentum: 0.9, nesterov: true)),
      ("adam", .adam(learningRate: 0.01)), ("adamw", .adamW(learningRate: 0.01, weightDecay: 0.02)),
      ("rmsprop", .rmsprop(learningRate: 0.01)), ("adagrad", .adagrad(learningRate: 0.1)),
      ("adadelta", .adadelta(learningRate: 1)), ("adamax", .adamax(learningRate: 0.01)),
      ("nadam", .nadam(learningRate: 0.01)), ("lion", .lion(learningRate: 0.01)), ("ftrl", .ftrl(learningRate: 0.1)),
      ("lamb", .lamb(learningRate: 0.01)),
      ("schedule", .adam(learningRate: .exponentialDecay(initialRate: 0.05, steps: 2, decayRate: 0.7))),
    ]
  }

  private static var models: [(String, Model<Float>, [Tensor<Float>])] {
    get throws {
      var result: [(String, Model<Float>, [Tensor<Float>])] = []
      func add(_ name: String, _ shape: [Int], _ layers: any Layer<Float>...) {
        result.append((name, Sequential<Float>(layers), [numbers(shape)]))
      }
      add("dense", [3, 4], Dense(5, activation: .gelu), Dense(2, useBias: false), Dense(3, activation: .hardSigmoid))
      add("einsum", [2, 3, 4], EinsumDense("abc,cd->abd", outputShape: [3, 5], biasAxes: "d"))
      add("rectifiers", [3, 4], ReLU(maxValue: 1, negativeSlope: 0.1), LeakyReLU(), ELU(), PReLU(), Softmax())
      add("reshaping", [2, 3, 4], Permute([2, 1]), Flatten(), RepeatVector(2), Reshape([4, 6]), Identity())
      add("noise", [3, 4], Dropout(0.1), AlphaDropout(0.1), GaussianDropout(0.1), GaussianNoise(0.1))
      add("normalization", [3, 4], BatchNormalization(), LayerNormalization(), RMSNormalization(), UnitNormalization())
      add(
        "separated", [3, 4], BatchNormalization(activation: .relu), LayerNormalization(activation: .tanh),
        ActivatedLayer(Dense(5, activation: .sigmoid), activation: PReLU()),
        ActivatedLayer(RMSNormalization(), activation: PReLU()), ThresholdedReLU(theta: 0.1))
      add("activity", [3, 4], ActivityRegularization(l1: 0.1), Rescaling(scale: 2, offset: 1))
      let sequences = numbers([6, 4]).expanded(axis: 2) * numbers([6, 1, 5], seed: 9)
      result.append(
        (
          "masking",
          Sequential<Float>([
            Masking(), Dense(3, activation: .tanh), BatchNormalization(), Masking(maskValue: 0.5), Dense(2),
          ]), [Tensor.where(numbers([6, 4, 1], seed: 7) .> 0, sequences, Tensor(0))]
        ))
      var normalization = Normalization<Float>()
      try normalization.adapt(to: numbers([20, 4], seed: 8))
      add("adapted", [3, 4], normalization)
      for activation in Activation<Float>.catalog where !Self.unknownToKeras.contains(activation.name) {
        add("activation_\(activation.name)", [3, 4], activation)
      }
      let (a, b) = (Input<Float>(4), Input<Float>(4))
      let (u, v) = (Dense<Float>(3, activation: .tanh)(a), Dense<Float>(3)(b))
      let merged = [
        Add()(u, v), Average()(u, v), Maximum()(u, v), Minimum()(u, v), Multiply()(u, v), Subtract()(u, v),
        Concatenate()(u, v), Dot(axes: 1)(u, v),
      ]
      let inputs = [numbers([3, 4]), numbers([3, 4], seed: 4)]
      var merging = try Functional(inputs: [a, b], outputs: merged)
      var generator = PhiloxGenerator(seed: 5)
      try merging.build(using: &generator)
      result.append(("merging", merging, inputs))
      return result
    }
  }
}
