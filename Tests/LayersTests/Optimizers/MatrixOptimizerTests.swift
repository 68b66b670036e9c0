import Activations
import Foundation
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

/// Optimizers that look at whole matrices, keep the weight itself, or scale losses, beside what make_matrix_optimizers.py has of Keras.
@Suite struct MatrixOptimizerTests {
  struct Fixture: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      let optimizer: Configuration
      let infinite: [Int]
    }

    let shapes: [[Int]]
    let initial, gradients: [Double]
    let cases: [Case]
  }

  static let fixture: Fixture = try! jsonFixture("matrix_optimizers")
  /// [case, step, element], and the loss scale; the last step is the value after training.
  static let results: Tensor<Double> = {
    let url = Bundle.module.url(forResource: "matrix_optimizers", withExtension: "npy", subdirectory: "Fixtures")!
    return try! Tensor(contentsOf: url.path)
  }()

  static func split<Scalar: RealScalar>(_ elements: ArraySlice<Double>) -> [Tensor<Scalar>] {
    var rest = elements.map { Scalar($0) }[...]
    return fixture.shapes.map { shape in
      let count = shape.reduce(1, *)
      defer { rest = rest.dropFirst(count) }
      return Tensor(shape: shape, scalars: Array(rest.prefix(count)))
    }
  }

  /// A training by the fixture's gradients.
  struct Training<Scalar: RealScalar> {
    var state: OptimizerState<Scalar>
    var values: [Tensor<Scalar>] = split(fixture.initial[...])

    init(_ optimizer: Optimizer<Scalar>) { state = OptimizerState(optimizer) }

    mutating func step(_ step: Int, infinite: Bool) {
      let count = fixture.initial.count
      var elements = fixture.gradients[(step * count)..<((step + 1) * count)]
      if infinite { elements[elements.startIndex + 5] = .infinity }
      var gradients: [Tensor<Scalar>] = split(elements)
      state.beginStep()
      if state.needsGradientNorm {
        for index in values.indices { state.addGradientNorm(of: &gradients[index], at: index) }
      }
      for index in values.indices { state.update(&values[index], gradient: &gradients[index], at: index) }
      state.endStep()
    }
  }

  /// The largest error in parts of what Keras has, over all steps.
  static func error<Scalar: RealScalar>(_ index: Int, _: Scalar.Type) throws -> Double {
    let (fixture, subject) = (fixture, fixture.cases[index])
    var training = Training(try Optimizer<Scalar>(configuration: subject.optimizer))
    var largest = 0.0
    func compare(_ step: Int, _ training: Training<Scalar>) {
      let found = training.values.flatMap(\.scalars).map { Double($0) } + [training.state.lossScale ?? 1]
      for element in found.indices {
        let expected = results[at: index, step, element]
        let error = abs(found[element] - expected) / max(abs(expected), 1e-3)
        largest = max(largest, error.isNaN ? .infinity : error)
      }
    }
    for step in 0..<20 {
      training.step(step, infinite: subject.infinite.contains(step))
      compare(step, training)
    }
    for index in fixture.shapes.indices { training.state.finish(&training.values[index], at: index) }
    compare(20, training)
    return largest
  }

  @Test(arguments: fixture.cases.indices) func `steps are those of Keras`(index: Int) throws {
    let configuration = Self.fixture.cases[index].optimizer
    #expect(try Self.error(index, Double.self) < 1e-12, "\(configuration)")
    #expect(try Self.error(index, Float.self) < 1e-4, "\(configuration)")
  }

  @Test(arguments: fixture.cases.indices) func `configurations are read and written as Keras does`(index: Int) throws {
    let configuration = Self.fixture.cases[index].optimizer
    let optimizer = try Optimizer<Double>(configuration: configuration)
    let written = optimizer.configuration
    #expect(written["class_name"] == configuration["class_name"])
    let (own, theirs) = (try #require(written["config"]?.asObject), try #require(configuration["config"]?.asObject))
    #expect(Set(own.keys) == Set(theirs.keys).subtracting(["name"]))
    for (name, value) in own where value.asObject == nil { #expect(value == theirs[name], "\(name)") }
    #expect(try Optimizer<Double>(configuration: written) == optimizer)
  }

  @Test(arguments: fixture.cases.indices) func `training goes on as if it had not stopped`(index: Int) throws {
    let subject = Self.fixture.cases[index]
    var training = Training(try Optimizer<Double>(configuration: subject.optimizer))
    if training.state.optimizer.dynamicLossScale != nil { return }
    for step in 0..<5 { training.step(step, infinite: false) }
    var resumed = training
    resumed.state = OptimizerState(training.state.optimizer)
    try resumed.state.restore(
      iteration: training.state.iteration, learningRate: training.state.learningRate,
      variables: training.state.variables.map(\.value))
    for step in 5..<9 {
      training.step(step, infinite: false)
      resumed.step(step, infinite: false)
    }
    #expect(resumed.values == training.values && resumed.state.variables == training.state.variables)
  }

  @Test func `a step with an infinite gradient changes nothing but the scale`() {
    let optimizer = Optimizer<Float>.nadam().with(dynamicLossScale: DynamicLossScale(initialScale: 8, growthSteps: 2))
    var training = Training(optimizer)
    #expect(training.state.lossScale == 8 && training.state.needsGradientNorm)
    let before = training.values
    training.step(0, infinite: true)
    #expect(training.values == before && training.state.lossScale == 4 && training.state.iteration == 0)
    training.step(1, infinite: false)
    training.step(2, infinite: false)
    #expect(training.values != before && training.state.lossScale == 8 && training.state.iteration == 2)
    #expect("\(optimizer)".hasSuffix("(dynamicLossScale: DynamicLossScale(initialScale: 8.0, growthSteps: 2))"))
  }

  @Test func `a model is trained with a scaled loss as without`() throws {
    func weights(_ optimizer: Optimizer<Double>) throws -> [Tensor<Double>] {
      var generator = PhiloxGenerator(seed: 1)
      let x = Tensor<Double>.normal([12, 4], using: &generator)
      var model = Sequential<Double> { Dense(3, activation: .tanh, kernelRegularizer: .l2(0.1)) }
      model.compile(optimizer: optimizer, loss: .meanSquaredError)
      try model.fit(
        x, x.sum(axis: 1, keepDimensions: true) * .ones([1, 3]), batchSize: 4, epochs: 3, using: &generator)
      return model.weights.map(\.value)
    }
    let scale = DynamicLossScale(growthSteps: 3)
    for optimizer: Optimizer<Double> in [
      .sgd(learningRate: 0.05), .nadam(learningRate: 0.05).with(weightDecay: 0.1, clipping: .globalNorm(0.01)),
      .adam(learningRate: 0.05).with(clipping: .norm(0.01), gradientAccumulationSteps: 2),
      .adam().with(clipping: .globalNorm(0.01), gradientAccumulationSteps: 2), .muon(), .adafactor(),
    ] {
      let (plain, scaled) = (try weights(optimizer), try weights(optimizer.with(dynamicLossScale: scale)))
      for (plain, scaled) in zip(plain, scaled) {
        #expect(plain.isAlmostEqual(to: scaled, relativeTolerance: 1e-12), "\(optimizer)")
      }
    }
  }

  @Test func `wrong scales stop the program`() async {
    await expectMessage(
      "a loss scale's initialScale is 0.0; allowed: finite numbers above 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = DynamicLossScale(initialScale: 0) })
    await expectMessage(
      "a loss scale's growthSteps are 0; allowed: integers of at least 1",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = DynamicLossScale(growthSteps: 0) })
  }
}
