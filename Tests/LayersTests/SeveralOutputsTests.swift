import Activations
import Layers
import Tensor
import TestSupport
import Testing

/// Models of several outputs in training, and layers that give several tensors.
@Suite struct SeveralOutputsTests {
  let x = Tensor<Double>.linspace(-1, 1, count: 48).reshaped([12, 4])
  let classes = Tensor<Int64>([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  let values = Tensor<Double>.linspace(0, 1, count: 24).reshaped([12, 2])

  private func twin() throws -> Model<Double> {
    let input = Input<Double>(4)
    let hidden = Dense(5, activation: .tanh).named("hidden")(input)
    return try Functional(
      inputs: input,
      outputs: [Dense(3, activation: .softmax).named("class")(hidden), Dense(2).named("value")(hidden)])
  }

  private func options(_ epochs: Int) -> TrainingOptions<Double> {
    TrainingOptions {
      $0.epochs = epochs
      $0.shuffle = false
      $0.progress = .none
    }
  }

  @Test func `the loss is the weighted sum, and logs have the outputs' names`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = try twin()
    try model.build(using: &generator)
    model.compile(
      optimizer: .sgd(learningRate: 0),
      objectives: [
        "value": Objective(.meanSquaredError, weight: 0.25, metrics: ["mae"]),
        "class": Objective(.sparseCategoricalCrossentropy, metrics: [.accuracy]),
      ])
    let logs = try model.evaluate([x], [classes, values])
    #expect(logs.names == ["loss", "class_loss", "value_loss", "class_accuracy", "value_mae"])
    #expect(abs(logs.loss - (logs["class_loss"]! + 0.25 * logs["value_loss"]!)) < 1e-14)
    let outputs = try model([x])
    #expect(abs(Double(try Loss.meanSquaredError(outputs[1], values)) - logs["value_loss"]!) < 1e-14)
    let history = try model.fit([x], [classes, values], options: options(1), using: &generator)
    #expect(abs(history["loss"][0] - logs.loss) < 1e-14 && abs(history["value_mae"][0] - logs["value_mae"]!) < 1e-14)
  }

  @Test func `gradients are those of the sum`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = try twin()
    try model.build(using: &generator)
    model.compile(objectives: [Objective(.sparseCategoricalCrossentropy), Objective(.meanSquaredError, weight: 0.5)])
    let (value, gradients) = try model.valueAndGradients([x], [classes, values], using: &generator)
    let own = try model.valueAndGradients([x], using: &generator) { outputs in
      let (first, second): (Loss<Double>, Loss<Double>) = (.sparseCategoricalCrossentropy, .meanSquaredError)
      return (
        try first(outputs[0], classes) + 0.5 * second(outputs[1], values),
        [try first.gradient(outputs[0], classes), try second.gradient(outputs[1], values) * 0.5]
      )
    }
    #expect(abs(value - own.value) < 1e-14)
    #expect((gradients + own.gradients.scaled(by: -1)).norm < 1e-12)
  }

  @Test func `an output without a loss is left as it is`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = try twin()
    try model.build(using: &generator)
    model.compile(optimizer: .adam(), objectives: ["class": Objective(.sparseCategoricalCrossentropy)])
    let before = model["value"].layer.weights.map(\.value)
    try model.fit([x], [classes, values], options: options(2), using: &generator)
    #expect(model["value"].layer.weights.map(\.value) == before)
  }

  @Test func `samples count by output`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = try twin()
    try model.build(using: &generator)
    model.compile(objectives: [Objective(.sparseCategoricalCrossentropy), Objective(.meanSquaredError)])
    let whole = try model.evaluate([x], [classes, values])
    let half = try model.evaluate(
      [x], [classes, values], sampleWeights: [nil, Tensor(repeating: 0.5, shape: [12])])
    #expect(half["class_loss"] == whole["class_loss"] && abs(half["value_loss"]! - whole["value_loss"]! / 2) < 1e-14)
  }

  @Test func `targets that do not fit are refused`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = try twin()
    model.compile(loss: .meanSquaredError)
    let error = #expect(throws: TrainingError.self) {
      try model.fit([x], [classes], options: options(1), using: &generator)
    }
    #expect("\(error!)" == "Functional: there are targets for 1 outputs, the model has 2")
  }

  @Test func `outputs that there are not stop the program`() async {
    await expectMessage(
      #"compile: there is no output "score" for a loss or a metric; there are class, value"#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        let input = Input<Double>(4)
        var model = try Functional(
          inputs: input, outputs: [Dense(3).named("class")(input), Dense(2).named("value")(input)])
        model.compile(objectives: ["score": Objective(.meanSquaredError)])
      })
    await expectMessage(
      "compile: there are 1 objectives for the 2 outputs class, value",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        let input = Input<Double>(4)
        var model = try Functional(
          inputs: input, outputs: [Dense(3).named("class")(input), Dense(2).named("value")(input)])
        model.compile(objectives: [Objective(.meanSquaredError)])
      })
  }

  /// The halves of samples.
  struct Halves: Layer {
    func outputShapes(for inputShapes: [[Int]]) -> [[Int]] { [[inputShapes[0][0] / 2], [inputShapes[0][0] / 2]] }
    func call(_ inputs: [Traced<Double>]) throws -> [Traced<Double>] {
      let length = inputs[0].shape[0] / 2
      return try inputs[0].split(lengths: [length, length], axis: 0)
    }
  }

  @Test func `a layer may give several tensors`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let input = Input<Double>(4)
    let halves = Halves()(input)
    let model = try Functional(inputs: input, outputs: [Subtract()(halves[1], halves[0]), halves[0]])
    let outputs = try model([x])
    #expect(outputs[0] == x[0..., 2..<4] - x[0..., 0..<2] && outputs[1] == x[0..., 0..<2])
    let result = try model.pullback([.ones([12, 2]), .ones([12, 2])], at: [x], using: &generator)
    #expect(result.input == Tensor.concatenated([Tensor.zeros([12, 2]), .ones([12, 2])], axis: 1))
  }

  @Test func `models of several inputs and outputs nest`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let (a, b) = (Input<Double>(4), Input<Double>(4))
    let inner = try Functional(inputs: [a, b], outputs: [Add()(a, b), Subtract()(a, b)])
    let input = Input<Double>(4)
    let both = inner.named("inner")([input, Dense(4).named("dense")(input)])
    var model = try Functional(inputs: input, outputs: Multiply()(both[0], both[1]))
    try model.build(using: &generator)
    let y = try Dense(kernel: model["dense"].layer.weights[0].value, bias: .zeros([4]))(x)
    #expect((try model(x) - (x + y) * (x - y)).absolute().max().scalar < 1e-14)
    try expectDifferences(of: model, x, x, .meanSquaredError, "nested")
  }
}
