import Activations
import Layers
import Tensor
import Testing

/// What a step of gradient descent with the learning rate 1 takes from each weight: the gradients of the loss.
func gradients(
  _ model: Model<Double>, _ x: Tensor<Double>, _ y: some TargetTensor, _ loss: Loss<Double>
) throws -> [Tensor<Double>] {
  var model = model
  var generator = PhiloxGenerator(seed: 5)
  model.compile(optimizer: .sgd(learningRate: 1), loss: loss)
  let before = model.weights
  try model.trainOnBatch(x, y, using: &generator)
  return zip(before, model.weights).map { $0.value - $1.value }
}

/// The same by central differences of the evaluated loss, for some elements of each weight.
func expectDifferences(
  of model: Model<Double>, _ x: Tensor<Double>, _ y: some TargetTensor, _ loss: Loss<Double>,
  relative tolerance: Double = 1e-6,
  _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let exact = try gradients(model, x, y, loss)
  var evaluated = model
  evaluated.compile(optimizer: .sgd(), loss: loss)
  let step = 1e-5
  for (number, gradient) in exact.enumerated() where model.weights[number].isTrainable {
    let scale = gradient.absolute().max().scalar
    for element in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 5)) {
      func value(_ offset: Double) throws -> Double {
        var moved = evaluated
        var index = 0
        moved.forEachWeight { weight in
          if index == number {
            var scalars = weight.value.scalars
            scalars[element] += offset
            weight.value = Tensor(scalars).reshaped(weight.value.shape)
          }
          index += 1
        }
        return try moved.evaluate(x, y).loss
      }
      let difference = (try value(step) - value(-step)) / (2 * step)
      let error = abs(gradient.scalars[element] - difference)
      #expect(
        error <= tolerance * max(scale, abs(difference)) + 1e-10, "\(comment): weight \(number)[\(element)]",
        sourceLocation: sourceLocation)
    }
  }
}

@Suite struct TrainingGradientTests {
  let x: Tensor<Double>
  let classes: Tensor<Int64> = [0, 2, 1, 2, 0]

  init() {
    var generator = PhiloxGenerator(seed: 11)
    x = .normal([5, 4], using: &generator)
  }

  private func network(_ hidden: Activation<Double>, _ last: Activation<Double>, units: Int = 3) throws -> Sequential<
    Double
  > {
    var generator = PhiloxGenerator(seed: 12)
    var model = Sequential<Double> {
      Input(4)
      Dense(6, activation: hidden)
      Dense(units, activation: last)
    }
    try model.build(using: &generator)
    return model
  }

  @Test(arguments: Activation<Double>.catalog)
  func `every activation passes gradients back through dense layers`(_ activation: Activation<Double>) throws {
    let model = try network(activation, .softmax)
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "\(activation)")
    let regression = try network(.tanh, activation, units: activation.name == "glu" ? 4 : 2)
    let y = Tensor<Double>.linspace(-1, 1, count: 10).reshaped([5, 2])
    try expectDifferences(of: regression, x, y, .meanSquaredError, "\(activation) at the end")
  }

  @Test func `losses that take over the last activation have its gradients`() throws {
    let oneHot: Tensor<Double> = [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    let hits: Tensor<Double> = [[1], [0], [1], [1], [0]]
    try expectDifferences(of: network(.selu, .softmax), x, classes, .sparseCategoricalCrossentropy, "sparse")
    try expectDifferences(of: network(.selu, .softmax), x, oneHot, .categoricalCrossentropy, "categorical")
    try expectDifferences(of: network(.selu, .sigmoid, units: 1), x, hits, .binaryCrossentropy, "binary")
    try expectDifferences(
      of: network(.selu, .linear), x, classes, .sparseCategoricalCrossentropy(fromLogits: true), "logits")
    let separate = try network(.selu, .linear)
    var withLayer = separate
    withLayer.add(Activation(.softmax))
    let within = try network(.selu, .softmax)
    let (first, second) = try (
      gradients(withLayer, x, classes, .sparseCategoricalCrossentropy),
      gradients(within, x, classes, .sparseCategoricalCrossentropy)
    )
    #expect(first.map(\.scalars) == second.map(\.scalars))
  }

  @Test func `regularizers add their gradients`() throws {
    var generator = PhiloxGenerator(seed: 12)
    var model = Sequential<Double> {
      Input(4)
      Dense(6, activation: .tanh, kernelRegularizer: .l2(0.1), biasRegularizer: .l1(0.2))
      Dense(3, activation: .softmax, kernelRegularizer: .l1l2(l1: 0.01, l2: 0.02))
    }
    try model.build(using: &generator)
    model.forEachWeight { if $0.name == "bias" { $0.value += 0.3 } }
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "penalties")
  }

  @Test func `branches and shared layers add up gradients`() throws {
    var generator = PhiloxGenerator(seed: 12)
    let input = Input<Double>(4)
    let shared = SharedLayer(Dense<Double>(4, activation: .tanh))
    let once = shared(input)
    let twice = shared(once)
    let sum = Add()(once, Multiply()(twice, input))
    var model = try Functional(
      inputs: input, outputs: Dense(3, activation: .softmax)(Concatenate()(sum, Dense(2)(input))))
    try model.build(using: &generator)
    #expect(model.weights.count == 6)
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "branches")
  }

  @Test func `a model within a model is trained too`() throws {
    var generator = PhiloxGenerator(seed: 12)
    var model = Sequential<Double> {
      Input(4)
      Sequential<Double> {
        Dense(5, activation: .gelu)
        Dense(4)
      }
      .named("encoder")
      Dense(3, activation: .softmax)
    }
    try model.build(using: &generator)
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "nested")
    #expect(model.namedWeights.map(\.name).prefix(2) == ["encoder.dense.kernel", "encoder.dense.bias"])
  }

  @Test func `a custom layer is trained as the others`() throws {
    var generator = PhiloxGenerator(seed: 12)
    var model = Sequential<Double> {
      Input(4)
      Scale()
      Dense(3, activation: .softmax)
    }
    try model.build(using: &generator)
    try expectDifferences(of: model, x, classes, .sparseCategoricalCrossentropy, "scale")
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    let before = model["scale"].layer.weights[0].value
    try model.fit(x, classes, progress: .none, using: &generator)
    #expect(model["scale"].layer.weights[0].value != before)
  }

  @Test func `samples and classes count as much as they are told to`() throws {
    let model = try network(.selu, .softmax)
    let whole = try gradients(model, x, classes, .sparseCategoricalCrossentropy)
    var generator = PhiloxGenerator(seed: 5)
    var weighted = model
    weighted.compile(optimizer: .sgd(learningRate: 1), loss: .sparseCategoricalCrossentropy)
    try weighted.trainOnBatch(x, classes, sampleWeights: Tensor(repeating: 2, shape: [5]), using: &generator)
    for (index, weight) in weighted.weights.enumerated() {
      let step = model.weights[index].value - weight.value
      #expect((step - whole[index] * 2).absolute().max().scalar < 1e-14)
    }
  }
}
