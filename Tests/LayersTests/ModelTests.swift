import Activations
import Layers
import Tensor
import Testing

/// A custom layer.
struct Scale<Scalar: RealScalar>: Layer {
  var factor = Weight<Scalar>("factor", initializer: .ones)

  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try factor.build(inputShape, using: &generator)
  }
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&factor) }

  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x * factor }
}

@Suite struct ModelTests {
  let x = Tensor<Double>.linspace(-1, 1, count: 12).reshaped([3, 4])

  @Test func `a layer computes alone and gives the same each time`() throws {
    let layer = Dense<Double>(5, activation: .tanh)
    #expect(try layer(x).shape == [3, 5])
    #expect(try layer(x) == layer(x))
    #expect(!layer.isBuilt)
    #expect(try Scale()(x) == x)
  }

  @Test func `a model computes what its layers compute`() throws {
    var generator = PhiloxGenerator(seed: 3)
    var model = Sequential<Double> {
      Dense(5, activation: .selu).named("hidden")
      Scale()
      Dense(2, activation: .softmax)
    }
    try model.build(for: x, using: &generator)
    #expect(model.isBuilt)
    let hidden = try model["hidden"].layer(x)
    #expect(try model(x) == model["dense"].layer(model["scale"].layer(hidden)))
    #expect(model.weights.map(\.value.shape) == [[4, 5], [5], [5], [5, 2], [2]])
    #expect(model["dense"].weights.map(\.value.shape) == [[5, 2], [2]])
  }

  @Test func `copies of a model do not share what is set later`() throws {
    var generator = PhiloxGenerator(seed: 3)
    var model = Sequential<Double> { Dense(2) }
    try model.build(for: x, using: &generator)
    let before = try model(x)
    let copy = model
    model.forEachWeight { $0.value += 1 }
    #expect(try copy(x) == before)
    #expect(try model(x) != before)
  }

  @Test func `a branching model adds gradients where tensors are used twice`() throws {
    let input = Input<Double>(4)
    let shared = SharedLayer(Dense<Double>(4, activation: .tanh))
    let first = shared(input)
    let model = try Functional(inputs: input, outputs: Dense(2)(shared(first)))
    #expect(model.stages.count == 2)
    #expect(try model(x).shape == [3, 2])
  }

  @Test func `a misfit is found before anything is computed, with the layer's name`() throws {
    var generator = PhiloxGenerator(seed: 3)
    var model = Sequential<Double> {
      Dense(5).named("hidden")
      Dense(2)
    }
    try model.build(for: x, using: &generator)
    let error = #expect(throws: LayerError.self) { try model(Tensor<Double>.ones([2, 3])) }
    #expect("\(error!)" == "Dense \"hidden\": the input has the shape [batch, 3]; expected: [batch, …, 4]")
  }

  @Test func `names of layers are Keras's, numbered`() {
    let model = Sequential<Float> {
      Dense(1)
      LeakyReLU()
      Dense(1)
      Activation(.relu)
    }
    #expect(model.stages.map(\.name) == ["dense", "leaky_re_lu", "dense_1", "activation"])
  }
}
