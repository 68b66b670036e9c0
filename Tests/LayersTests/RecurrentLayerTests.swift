import Activations
import CKernels
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

/// A cell of one's own.
private struct RunningMean<Scalar: RealScalar>: RecurrentCell {
  var rate = Weight<Scalar>("rate", initializer: .constant(0.25))

  func stateShapes(for inputShape: [Int]) throws -> [[Int]] { [inputShape] }
  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try rate.build([inputShape[0]], using: &generator)
  }
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&rate) }
  func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let mean = try states[0] + (x - states[0]) * rate
    return [mean, mean]
  }
}

/// A cell that forgets what shape its state has.
private struct Growing<Scalar: RealScalar>: RecurrentCell {
  func stateShapes(for inputShape: [Int]) throws -> [[Int]] { [inputShape] }
  func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    [x, try x.concatenated(with: [states[0]], axis: 0)]
  }
}

@Suite struct RecurrentLayerTests {
  private static func built<L: Layer<Float>>(_ layer: L, _ x: Tensor<Float>) throws -> L {
    var layer = layer
    var generator = PhiloxGenerator(seed: 2)
    try layer.build(for: x, using: &generator)
    return layer
  }

  private static func numbers(_ shape: [Int], seed: UInt64 = 4) -> Tensor<Float> {
    var generator = PhiloxGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  private static let layers: [any RecurrentLayer<Float>] = [
    SimpleRNN(33, returnSequences: true, returnState: true), LSTM(48, returnSequences: true, returnState: true),
    LSTM(7, recurrentActivation: .hardSigmoid, returnState: true), GRU(40, returnSequences: true, returnState: true),
    GRU(21, resetAfter: false, returnSequences: true, returnState: true),
  ]

  @Test func `results are the same on any number of threads and in any batch`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    let x = Self.numbers([37, 20, 24])
    func check(_ layer: some Layer<Float>) throws {
      let layer = try Self.built(layer, x)
      func results(_ x: Tensor<Float>, threads: Int) throws -> Pullback<Float> {
        Threads.count = threads
        return try run(layer, [x], training: true)
      }
      let (one, several) = (try results(x, threads: 1), try results(x, threads: 3))
      #expect(one.outputs == several.outputs && one.inputs == several.inputs, "\(layer)")
      for (first, end) in [(0, 1), (5, 8), (3, 30)] {
        let part = try results(x[first..<end], threads: 2)
        #expect(part.outputs == one.outputs.map { $0[first..<end] }, "\(layer)")
        #expect(part.inputs[0] == one.inputs[0][first..<end], "\(layer)")
      }
    }
    for layer in Self.layers { try check(layer) }
  }

  @Test func `padded steps change nothing`() throws {
    let (x, short) = (Self.numbers([4, 9, 5]), 6)
    var padded = x
    padded[0..., short...] = .zeros([4, 9 - short, 5])
    func check(_ layer: some RecurrentLayer<Float>) throws {
      let layer = try Self.built(layer, x)
      let model = Sequential<Float> {
        Input(9, 5)
        Masking()
        layer
      }
      let expected = try layer(x[0..., 0..<short])
      let found = try model([padded])[0]
      #expect(found == expected, "\(layer)")
    }
    for var layer in Self.layers {
      layer.options.returnSequences = false
      layer.options.returnState = false
      try check(layer)
    }
  }

  @Test func `single steps give the bits of whole sequences, without memory of their own`() throws {
    try checkSteps(SimpleRNN<Float>(19, activation: .relu, returnSequences: true))
    try checkSteps(LSTM<Float>(32, returnSequences: true))
    try checkSteps(GRU<Float>(50, returnSequences: true))
    try checkSteps(GRU<Float>(9, resetAfter: false, returnSequences: true))
  }

  private func checkSteps<L: RecurrentLayer<Float>>(_ layer: L) throws where L.Cell: GatedCell<Float> {
    for features in [8, 300] { try checkSteps(layer, Self.numbers([3, 12, features])) }
  }

  private func checkSteps<L: RecurrentLayer<Float>>(
    _ layer: L, _ x: Tensor<Float>
  ) throws where L.Cell: GatedCell<Float> {
    let layer = try Self.built(layer, x)
    let whole = try layer(x)
    var state = try layer.initialState(batch: 3)
    let steps = (0..<12).map { x[0..., $0].copied() }
    for step in 0..<12 {
      let before = ck_allocations()
      let output = layer.step(steps[step], &state)
      if step > 1 { #expect(ck_allocations() == before, "\(layer), step \(step)") }
      #expect(output == whole[0..., step], "\(layer), step \(step)")
    }
    // An output that is kept is not overwritten.
    let kept = layer.step(steps[0], &state)
    let copy = kept.copied()
    for step in steps { _ = layer.step(step, &state) }
    #expect(kept == copy)
    #expect(state.values.count == layer.cell.stateCount)
    state.values = state.values.map { .zeros($0.shape) }
    #expect(layer.step(steps[0], &state) == whole[0..., 0])
  }

  @Test func `a step takes the batch and the features of its state`() async {
    await expectMessage(
      "a step of the shape [2, 4]; allowed: [1, 3], the batch of the state and the layer's features",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var layer = LSTM<Float>(2)
        var generator = PhiloxGenerator(seed: 2)
        try layer.build(inputShape: [2, 3], using: &generator)
        var state = try layer.initialState()
        _ = layer.step(.ones([2, 4]), &state)
      })
    #expect(throws: LayerError.self) { try LSTM<Float>(2).initialState() }
  }

  @Test func `cells of one's own are applied to each step`() throws {
    let x = Self.numbers([2, 4, 3])
    let layer = RNN(RunningMean<Float>(), returnSequences: true)
    let output = try layer(x)
    var mean = Tensor<Float>.zeros([2, 3])
    for step in 0..<4 {
      mean = mean + (x[0..., step] - mean) * 0.25
      #expect((output[0..., step] - mean).absolute().max().scalar < 1e-6)
    }
    var generator = PhiloxGenerator(seed: 4)
    try checkGradients(
      of: RNN(RunningMean<Double>(rate: Weight("rate", value: [0.2, 0.5, 0.9]))),
      [Tensor<Double>.normal([2, 4, 3], using: &generator)])
  }

  @Test func `a cell whose state changes shape is reported`() async {
    await expectMessage(
      "RNN: a step of the cell Growing gave states of the shapes [[6]]; expected: [[3]] by stateShapes(for:)",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = try RNN(Growing<Float>())(Tensor<Float>.ones([1, 2, 3]))
      })
  }

  @Test func `cells one on another are layers one after another`() throws {
    let x = Self.numbers([3, 6, 4])
    let cells = StackedRNNCells<Float>([LSTMCell(5), GRUCell(3)])
    let stacked = try Self.built(RNN(cells, returnSequences: true), x)
    let parts = (stacked.cell.cell as! StackedRNNCells<Float>).cells
    let first = LSTM(parts[0].cell as! LSTMCell<Float>, options: RecurrentOptions(returnSequences: true))
    let second = GRU(parts[1].cell as! GRUCell<Float>, options: RecurrentOptions(returnSequences: true))
    #expect(try (stacked(x) - second(first(x))).absolute().max().scalar < 1e-6)
  }

  @Test func `dropout drops the same features in all steps`() throws {
    let x = Tensor<Float>.ones([8, 5, 6])
    var layer = try Self.built(SimpleRNN<Float>(6, activation: .linear, useBias: false, dropout: 0.5), x)
    layer.forEachWeight { $0.value = Tensor.identity(6) }
    var generator = PhiloxGenerator(seed: 1)
    let sums = try layer(x, training: true, using: &generator)
    #expect(sums.scalars.allSatisfy { $0 == 0 || $0 == 10 })
    #expect(Set(sums.scalars).count == 2)
    #expect(try layer(x) == Tensor(repeating: 5, shape: [8, 6]))
    var recurrent = try Self.built(SimpleRNN<Float>(6, activation: .linear, useBias: false, recurrentDropout: 0.5), x)
    recurrent.forEachWeight { $0.value = .identity(6) }
    // 1 where the state is dropped, else 1 + 2 (1 + 2 (1 + ...)).
    let kept = try recurrent(x, training: true, using: &generator)
    #expect(Set(kept.scalars) == [1, 31])
  }

  @Test func `inputs that do not fit are refused with what is expected`() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing was thrown"
      } catch { return "\(error)" }
    }
    let layer = try Self.built(LSTM<Float>(4), .ones([1, 2, 3]))
    #expect(
      message { _ = try layer(.ones([1, 2, 5])) }
        == "LSTM: the input has the shape [batch, 2, 5]; expected: [batch, steps, 3]")
    #expect(
      message { _ = try layer(.ones([1, 0, 3])) }
        == "LSTM: the input has the shape [batch, 0, 3]; expected: [batch, steps, …, features] with at least one step")
    #expect(
      message { _ = try layer.outputShapes(for: [[2, 3], [4], [5]]) }
        == "LSTM: the inputs have the shapes [batch, 4], [batch, 5]; expected: states of the shapes [batch, 4], [batch, 4]"
    )
    #expect(message { _ = try layer.outputShapes(for: [[2, 3], [4]]) } == "LSTM takes 3 inputs, not 2")
    #expect(
      message {
        _ = try Bidirectional(LSTM<Float>(2), mergeMode: .sum, backward: LSTM(3, goBackwards: true))(.ones([1, 2, 3]))
      }
        == "Bidirectional: the inputs have the shapes [batch, 2], [batch, 3]; expected: outputs of both layers in one shape"
    )
  }

  @Test func `gradients are those of finite differences`() throws {
    let x = sample([2, 4, 3])
    let weights = { (gates: Int, units: Int) in
      ["kernel": [3, gates * units], "recurrent_kernel": [units, gates * units], "bias": [gates * units]]
    }
    try checkLayer(LSTM(2), input: x, output: [2, 2], weights: weights(4, 2))
    try checkLayer(
      GRU(2, resetAfter: false, returnSequences: true), input: x, output: [2, 4, 2], weights: weights(3, 2))
    try checkLayer(SimpleRNN(3, activation: .gelu), input: x, output: [2, 3], weights: weights(1, 3))
    try checkLayer(
      LSTM(2, dropout: 0.5, recurrentDropout: 0.5), input: x, output: [2, 2], weights: weights(4, 2),
      differsInTraining: true)
    try checkLayer(
      GRU(2, recurrentDropout: 0.5), input: x, output: [2, 2],
      weights: ["kernel": [3, 6], "recurrent_kernel": [2, 6], "bias": [2, 6]], differsInTraining: true)
    try checkLayer(
      GRU(2, recurrentDropout: 0.5, resetAfter: false), input: x, output: [2, 2], weights: weights(3, 2),
      differsInTraining: true)
  }

  @Test func `a part that is frozen is not trained, and batch normalisation in it is that of inference`() throws {
    let (x, y) = (Self.numbers([6, 4, 3]), Self.numbers([6, 4, 2], seed: 5))
    let inner = Sequential<Float> {
      Dense(3)
      BatchNormalization()
    }
    var model = Sequential<Float> {
      Input(4, 3)
      TimeDistributed(inner.frozen)
      RNN(StackedRNNCells([GRUCell(3), LSTMCell(3)]), returnSequences: true)
      TimeDistributed(Dense(2))
    }
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    model.compile(optimizer: .adam(learningRate: 0.1), loss: .meanSquaredError)
    let before = model.weights
    _ = try model.trainOnBatch(x, y, using: &generator)
    for (old, new) in zip(before, model.weights) {
      #expect((old.value == new.value) == new.path.hasPrefix("time_distributed/"), "\(new.path)")
    }
    let inTraining = try model(x, training: true, using: &generator)
    #expect(try (model(x) - inTraining).absolute().max().scalar < 1e-5)
  }

  @Test func `what is kept of a pullback does not change the next one`() throws {
    let x = Self.numbers([5, 4, 3])
    var model = Sequential<Float> {
      Input(4, 3)
      LSTM(4, returnSequences: true)
      Dense(2, activation: .tanh)
    }
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    let upstream = Self.numbers([5, 4, 2], seed: 6)
    func gradients() throws -> Pullback<Float> { try model.pullback(upstream, at: x, using: &generator) }
    let first = try gradients()
    let copies = (first.outputs.map { $0.copied() }, first.inputs.map { $0.copied() })
    for other in [x * 2, x[0..<2] * 3, x] {
      _ = try model.pullback(upstream[0..<other.shape[0]], at: other, using: &generator)
    }
    let second = try gradients()
    #expect(first.outputs == copies.0 && first.inputs == copies.1)
    #expect(second.outputs == first.outputs && second.inputs == first.inputs)
    for place in first.weights.places { #expect(second.weights[place] == first.weights[place], "\(place)") }
    model.forEachWeight { $0.value = $0.value * 2 }
    #expect(try gradients().outputs != first.outputs)
  }
}
