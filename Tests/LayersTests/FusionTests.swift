import Activations
import Testing

@testable import Layers
@testable import Tensor

/// A rewritten plan computes what the plan before it does: in value and gradient.
@Suite struct FusionTests {
  private let x: Tensor<Double>
  private let classes: Tensor<Int64> = [0, 2, 1, 2, 0]

  init() {
    var generator = PhiloxGenerator(seed: 3)
    x = .normal([5, 4], using: &generator)
  }

  private func network(_ hidden: Activation<Double>, _ last: Activation<Double>) throws -> Model<Double> {
    var generator = PhiloxGenerator(seed: 4)
    var model = Sequential<Double> {
      Input(4)
      Dense(6, activation: hidden)
      Dense(3, activation: last, useBias: false)
    }
    try model.build(using: &generator)
    return model
  }

  /// Outputs and the gradients by input and weights of a plan with or without rewrites.
  private func run(_ model: Model<Double>, isFused: Bool) throws -> [Tensor<Double>] {
    var request = Plan<Double>.Request()
    request.needsInputGradients = true
    request.isFused = isFused
    let computation = try model.graph.computation(.training, [[4]], isDifferentiated: true, request)
    computation.setInput(0, x)
    var generator = PhiloxGenerator(seed: 1)
    try computation.forward(using: &generator)
    let output = computation.output(0)
    computation.setUpstream(0, .linspace(-1, 1, count: output.count).reshaped(output.shape))
    try computation.pullback()
    let gradients = computation.gradients
    return [output, computation.takeInputGradient(0)] + gradients.places.map { gradients[$0]! }
  }

  @Test(arguments: Activation<Double>.catalog.filter { $0.name != "glu" })
  func `an activation in the product is the activation after it`(_ activation: Activation<Double>) throws {
    let model = try network(activation, .tanh)
    #expect(try run(model, isFused: true) == run(model, isFused: false))
    #expect(try plan(model, isFused: true).steps.count == 2 && plan(model, isFused: false).steps.count >= 3)
  }

  private func plan(_ model: Model<Double>, isFused: Bool, _ request: Plan<Double>.Request = .init()) throws -> Plan<
    Double
  > {
    var request = request
    request.isFused = isFused
    return try model.graph.computation(.training, [[4]], isDifferentiated: true, request).plan
  }

  @Test func `a last activation in the loss is the loss of its output`() throws {
    for (last, loss) in [
      (.softmax, .sparseCategoricalCrossentropy), (.sigmoid, .binaryCrossentropy),
    ] as [(Activation<Double>, Loss<Double>)] {
      var model = try network(.tanh, last)
      model.compile(optimizer: .sgd(learningRate: 1), loss: loss)
      let target: any TargetTensor =
        loss == .binaryCrossentropy ? Tensor<Double>.ones([5, 3]) : classes
      var generator = PhiloxGenerator(seed: 1)
      let fused = try model.valueAndGradients([x], [target], using: &generator)
      let unfused = try model.valueAndGradients([x], using: &generator) { outputs in
        var gradient = Tensor<Double>.zeros([0])
        let value = try loss.valueAndGradient(
          outputs[0], of: target.target(as: Double.self), nil, into: &gradient)
        return (value, [gradient])
      }
      #expect(abs(fused.value - unfused.value) < 1e-12)
      for place in fused.gradients.places {
        #expect((fused.gradients[place]! - unfused.gradients[place]!).absolute().max().scalar < 1e-12)
      }
    }
  }

  @Test func `descent into the weights is the optimizer's step`() throws {
    var (fused, unfused) = (try network(.selu, .softmax), try network(.selu, .softmax))
    fused.compile(optimizer: .sgd(learningRate: 0.1), loss: .sparseCategoricalCrossentropy)
    unfused.compile(optimizer: .sgd(learningRate: 0.1), loss: .sparseCategoricalCrossentropy)
    var generator = PhiloxGenerator(seed: 1)
    var state = OptimizerState<Double>(.sgd(learningRate: 0.1))
    for _ in 0..<3 {
      try fused.trainOnBatch(x, classes, using: &generator)
      try state.update(&unfused, unfused.valueAndGradients(x, classes, using: &generator).gradients)
    }
    for (first, second) in zip(fused.weights, unfused.weights) {
      #expect((first.value - second.value).absolute().max().scalar < 1e-15)
    }
  }

  @Test func `weights that several operations read, or that are penalised, are not descended into`() throws {
    let input = Input<Double>(4)
    let shared = SharedLayer(Dense<Double>(4, kernelRegularizer: nil).named("shared"))
    var model = try Functional(
      inputs: input, outputs: Dense(3, kernelRegularizer: .l2(0.1)).named("last")(shared(shared(input))))
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    #expect(try plan(model, isFused: true).descendable == [false, false, false, true])
    #expect(try plan(network(.relu, .softmax), isFused: true).descendable == [true, true, true])
  }

  @Test func `packed weights give what others give`() throws {
    let model = try network(.gelu, .softmax)
    let packed = try model(x)
    var request = Plan<Double>.Request()
    request.isFused = false
    let computation = try model.graph.computation(.inference, [[4]], isDifferentiated: false, request)
    computation.setInput(0, x)
    try computation.infer()
    #expect(computation.takeOutput(0) == packed)
  }

  @Test(arguments: [true, false], [true, false])
  func `a normalisation in the weights is the normalisation after the product`(_ hasBias: Bool, _ isScaled: Bool)
    throws
  {
    var generator = PhiloxGenerator(seed: 5)
    var model = Sequential<Double> {
      Input(2, 4)
      Dense(6, useBias: hasBias)
      BatchNormalization(center: hasBias, scale: isScaled, activation: .gelu)
      Dense(3, activation: .tanh)
      BatchNormalization(center: isScaled, scale: hasBias)
    }
    try model.build(using: &generator)
    model.forEachWeight { weight in
      weight.value = .uniform(weight.value.shape, in: 0.5..<2, using: &generator)
    }
    let x = Tensor<Double>.normal([5, 2, 4], using: &generator)
    var request = Plan<Double>.Request()
    request.isFused = false
    let computation = try model.graph.computation(.inference, [[2, 4]], isDifferentiated: false, request)
    computation.setInput(0, x)
    try computation.infer()
    #expect((try model(x) - computation.takeOutput(0)).absolute().max().scalar < 1e-12)
    let fused = try model.graph.computation(.inference, [[2, 4]], isDifferentiated: false).plan
    // The second follows an activation, which is not left out.
    #expect(fused.steps.count == 3 && computation.plan.steps.count > 4)
  }

  @Test func `normalised weights follow what training changes`() throws {
    var generator = PhiloxGenerator(seed: 6)
    var model = Sequential<Double> {
      Dense(6)
      BatchNormalization()
      Dense(3, activation: .softmax)
    }
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    try model.fit(x, classes, epochs: 3, validationData: ValidationData(x, classes), progress: .none, using: &generator)
    let first = try model.evaluate(x, classes).loss
    try model.trainOnBatch(x, classes, using: &generator)
    let output = try model(x)
    #expect(try model.evaluate(x, classes).loss != first)
    #expect(try model.evaluate(x, classes).loss == Loss<Double>.sparseCategoricalCrossentropy(output, classes))
  }

  // MARK: With masks

  private let sequences = Tensor<Double>.linspace(-2, 2, count: 60).reshaped([5, 3, 4])
    .replacing(with: Tensor(0), where: (Tensor<Int64>(0..<15) % 4 .== 0).reshaped([5, 3, 1]))

  private func sequenceNetwork(_ last: any Layer<Double>...) throws -> Model<Double> {
    var generator = PhiloxGenerator(seed: 4)
    var model = Sequential<Double>([Masking(), Dense(6, activation: .gelu()), Dense(3, useBias: false)] + last)
    try model.build(for: sequences, using: &generator)
    return model
  }

  @Test func `activations are fused into products and kernels are packed behind a mask too`() throws {
    let model = try sequenceNetwork(Activation.softmax)
    for mode in [ComputationMode.training, .inference] {
      var outputs: [Tensor<Double>] = []
      for isFused in [true, false] {
        var request = Plan<Double>.Request()
        request.isFused = isFused
        let computation = try model.graph.computation(
          mode, [[3, 4]], isDifferentiated: mode == .training, request)
        computation.setInput(0, sequences)
        var generator = PhiloxGenerator(seed: 1)
        if mode == .training { try computation.forward(using: &generator) } else { try computation.infer() }
        outputs.append(computation.output(0))
        // The mask, what it leaves, and the products.
        #expect(computation.plan.steps.count == (isFused ? 4 : 6))
      }
      #expect(outputs[0] == outputs[1])
    }
  }

  @Test func `a last activation in the loss is the loss of its output with a mask too`() throws {
    let labels = (Tensor<Int64>(0..<15) % 3).reshaped([5, 3])
    for last in [Activation<Double>.softmax as any Layer<Double>, Softmax(axis: [-1, -2])] {
      var model = try sequenceNetwork(last)
      model.compile(optimizer: .sgd(learningRate: 1), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
      var generator = PhiloxGenerator(seed: 1)
      let fused = try model.valueAndGradients([sequences], [labels], using: &generator)
      let mask = (sequences .!= 0).any(axis: -1)
      let unfused = try model.valueAndGradients([sequences], using: &generator) { outputs in
        var gradient = Tensor<Double>.zeros([0])
        let value = try Loss.sparseCategoricalCrossentropy.valueAndGradient(
          outputs[0], of: .integers(labels), nil, mask: mask, into: &gradient)
        return (value, [gradient])
      }
      #expect(abs(fused.value - unfused.value) < 1e-12)
      for place in fused.gradients.places {
        #expect((fused.gradients[place]! - unfused.gradients[place]!).absolute().max().scalar < 1e-12)
      }
    }
  }

  @Test func `a mask that nobody asks for is not computed`() throws {
    struct Unasked: Layer {
      struct Positive: UndifferentiatedOperation {
        typealias ResultScalar = Bool
        func forward(_ context: Context<Double>) { context.give(mask: context.operand(0) .> 0) }
      }
      func call(_ x: Traced<Double>) throws -> Traced<Double> { x.with(mask: try x.applying(Positive())) }
    }
    let model = Sequential<Double>([Unasked(), Activation.tanh])
    for (mode, count) in [(ComputationMode.inference, 1), (.evaluation, 2)] {
      #expect(try model.graph.computation(mode, [[3]], isDifferentiated: false).plan.steps.count == count)
    }
    let plain = try model.graph.computation(.inference, [[3]], isDifferentiated: false)
    #expect(plain.context.masks.isEmpty && plain.context.integers.isEmpty)
  }
}
