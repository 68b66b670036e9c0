import Activations
import Layers
import Tensor
import Testing

/// Use that is unusual, and what is refused.
@Suite struct OddUseTests {
  let x = Tensor<Double>.linspace(-1, 1, count: 24).reshaped([6, 4])
  let classes: Tensor<Int64> = [0, 2, 1, 2, 0, 1]

  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test func `a tensor may enter a layer twice`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let input = Input<Double>(4)
    let hidden = Dense(3, activation: .tanh)(input)
    var model = try Functional(inputs: input, outputs: Multiply()(hidden, hidden))
    try model.build(using: &generator)
    let once = try model["dense"].layer(x)
    #expect(try model(x) == once * once)
    #expect(try model.predict(x, batchSize: 2) == once * once)
    let twice = try Functional(inputs: input, outputs: Add()(input, input))
    #expect(try twice(x) == x + x)
  }

  @Test func `several inputs are taken as several, and no other number`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let (a, b) = (Input<Double>(4), Input<Double>(2))
    var model = try Functional(inputs: [a, b], outputs: Dense(3, activation: .softmax)(Concatenate()(a, b)))
    try model.build(using: &generator)
    let second = Tensor<Double>.ones([6, 2])
    #expect(try model([x, second])[0].shape == [6, 3])
    #expect(text { _ = try model(x) } == "Functional takes 2 inputs, not 1")
    #expect(text { _ = try model.predict(x) } == "Functional takes 2 inputs, not 1")
    #expect(text { _ = try model([x]) } == "Functional takes 2 inputs, not 1")
    #expect(text { _ = try model([x, second, x]) } == "Functional takes 2 inputs, not 3")
    #expect(
      text { _ = try model([x, second[0..<3]]) }
        == "Functional: the inputs have the shapes [6, 4], [3, 2]; expected: batches of the same number of samples")
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    let history = try model.fit([x, second], classes, batchSize: 4, epochs: 2, progress: .none, using: &generator)
    #expect(history.epochs.count == 2)
  }

  @Test func `a model of several outputs is called with a list`() throws {
    let input = Input<Double>(4)
    let model = try Functional(inputs: [input], outputs: [Dense(3)(input), Dense(2)(input)])
    #expect(try model([x]).map(\.shape) == [[6, 3], [6, 2]])
    #expect(text { _ = try model(x) } == "Functional: a model of 2 outputs is called with a list of inputs")
  }

  @Test func `a layer at places of two widths is refused`() throws {
    var generator = PhiloxGenerator(seed: 1)
    let (a, b) = (Input<Double>(4), Input<Double>(2))
    let shared = SharedLayer(Dense<Double>(3).named("shared"))
    var model = try Functional(inputs: [a, b], outputs: Add()(shared(a), shared(b)))
    model.compile(loss: .sparseCategoricalCrossentropy)
    #expect(
      text { try model.fit([x, Tensor<Double>.ones([6, 2])], classes, progress: .none, using: &generator) }
        == "Dense \"shared\": the input has the shape [batch, 2]; expected: [batch, …, 4]")
  }

  @Test func `an optimizer does not go on with other weights`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Double> {
      Dense(5)
      Dense(3, activation: .softmax)
    }
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    try model.fit(x, classes, progress: .none, using: &generator)
    model.removeLast()
    model.add(Dense(4, activation: .softmax))
    #expect(
      text { try model.fit(x, classes, progress: .none, using: &generator) }.hasSuffix(
        "has begun with a kernel of the shape [5, 3] where there is one of [5, 4] now; call compile again after changing layers"
      ))
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    try model.fit(x, classes, progress: .none, using: &generator)
  }

  @Test func `declared inputs are held to`() throws {
    let model = Sequential<Double> {
      Input(5)
      Dense(3)
    }
    #expect(text { _ = try model(x) } == "Input: the input has the shape [batch, 4]; expected: [batch, 5]")
  }

  @Test func `class weights do not count in validation`() throws {
    func validation(_ weights: [Int: Double]) throws -> Double {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Double> { Dense(3, activation: .softmax) }
      model.compile(optimizer: .sgd(learningRate: 0), loss: .sparseCategoricalCrossentropy)
      return try model.fit(
        x, classes, validationSplit: 0.5, classWeights: weights, progress: .none, using: &generator)["val_loss"][0]
    }
    #expect(try validation([0: 5, 1: 0.1]) == validation([:]))
  }

  @Test func `a cancelled task is not asked for what it has not computed`() async throws {
    let (x, classes) = (x, classes)
    let reason = try await Task {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Double> { Dense(3, activation: .softmax) }
      model.compile(loss: .sparseCategoricalCrossentropy)
      return try model.fit(
        x, classes, epochs: 10, validationSplit: 0.5,
        callbacks: [BatchEnd { _ in withUnsafeCurrentTask { $0?.cancel() } }, EarlyStopping()], progress: .none,
        using: &generator
      ).stopReason
    }.value
    #expect(reason == .cancelled)
  }

  @Test func `penalties are scaled as losses are`() throws {
    func weights(_ optimizer: Optimizer<Double>) throws -> [Tensor<Double>] {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Double> {
        Dense(5, activation: .tanh, kernelRegularizer: .l2(0.1), activityRegularizer: .l2(0.3))
        Dense(3, activation: .softmax, activityRegularizer: .l2(0.2))
      }
      model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy)
      try model.fit(x, classes, epochs: 3, progress: .none, using: &generator)
      return model.weights.map(\.value)
    }
    let plain = try weights(.sgd(learningRate: 0.1))
    let scaled = try weights(.sgd(learningRate: 0.1).with(lossScaleFactor: 1024))
    for (first, second) in zip(plain, scaled) { #expect((first - second).absolute().max().scalar < 1e-12) }
  }

  @Test func `penalties of outputs have their gradients, behind softmax too`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Double> {
      Dense(5, activation: .tanh, activityRegularizer: .l2(0.3))
      ActivityRegularization(l2: 0.2)
      Dense(3, activation: .softmax, activityRegularizer: .l2(0.2))
    }
    try model.build(for: x, using: &generator)
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "penalties of outputs")
  }

  @Test func `arguments outside their ranges are refused, large batches are whole`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Double> { Dense(3, activation: .softmax) }
    model.compile(loss: .sparseCategoricalCrossentropy)
    #expect(
      text { try model.fit(x, classes, epochs: -3, using: &generator) }
        == "epochs is -3; allowed: integers of at least 0")
    let history = try model.fit(x, classes, batchSize: .max, progress: .none, using: &generator)
    #expect(history.epochs == [0])
    #expect(
      text { try model.fit(x, classes, sampleWeights: Tensor(repeating: .infinity, shape: [6]), using: &generator) }
        == "a sample weight is negative, nan or infinite; allowed: finite numbers of at least 0")
  }

  @Test func `a model without layers gives what it is given`() throws {
    let x = Tensor<Float>([[1, 2], [3, 4]])
    #expect(try Sequential<Float>()(x) == x)
    let input = Input<Float>(2)
    #expect(try Functional(inputs: input, outputs: input)([x]) == [x])
  }
}
