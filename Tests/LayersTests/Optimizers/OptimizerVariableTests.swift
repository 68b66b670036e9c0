import Activations
import CKernels
import KerasFormat
import Layers
import Tensor
import Testing

@Suite struct OptimizerVariableTests {
  /// Two weights while they are trained with seeded gradients.
  struct Training {
    var state: OptimizerState<Double>
    var values: [Tensor<Double>] = [[1, 2], [[1, 2, 3], [4, 5, 6]]]
    var generator = PhiloxGenerator(seed: 1)

    init(_ optimizer: Optimizer<Double>) { state = OptimizerState(optimizer) }

    mutating func steps(_ count: Int) {
      for _ in 0..<count {
        var gradients = values.map { Tensor<Double>.normal($0.shape, using: &generator) }
        state.beginStep()
        if state.needsGradientNorm {
          for index in values.indices { state.addGradientNorm(of: &gradients[index], at: index) }
        }
        for index in values.indices { state.update(&values[index], gradient: &gradients[index], at: index) }
        state.endStep()
      }
    }
  }

  static let optimizers: [Optimizer<Double>] = [
    .sgd(), .sgd(momentum: 0.9), .rmsprop(momentum: 0.5, centered: true), .adagrad(), .adam(amsgrad: true), .nadam(),
    .lamb(), .ftrl(),
    .nadam().with(
      weightDecay: 0.1, clipping: .globalNorm(0.1), movingAverage: MovingAverage(overwriteFrequency: 2),
      lossScaleFactor: 4, gradientAccumulationSteps: 3),
    .sgd().with(gradientAccumulationSteps: 3),
    .custom("own", slots: ["mean"]) { value, gradient, slots, step in
      slots[0].add(gradient, scaledBy: 0.1)
      value.add(slots[0], scaledBy: -step.learningRate * Double(step.number))
    },
  ]

  @Test(arguments: optimizers.indices) func `training goes on as if it had not stopped`(index: Int) throws {
    for first in [0, 3, 4] {
      var training = Training(Self.optimizers[index])
      training.steps(first)
      var resumed = training
      resumed.state = OptimizerState(training.state.optimizer)
      try resumed.state.restore(
        iteration: training.state.iteration, learningRate: training.state.learningRate,
        variables: training.state.variables.map(\.value))
      training.steps(5)
      resumed.steps(5)
      #expect(resumed.values == training.values)
      #expect(resumed.state.variables == training.state.variables)
    }
  }

  @Test func `variables stand in Keras's order`() {
    func names(_ optimizer: Optimizer<Double>) -> [String] {
      var training = Training(optimizer)
      training.steps(1)
      return training.state.variables.map { variable in
        variable.weight.map { "\("ab".map { $0 }[$0])_" }.map { $0 + variable.name } ?? variable.name
      }
    }
    #expect(
      names(.nadam().with(movingAverage: MovingAverage(), gradientAccumulationSteps: 2)) == [
        "a_average", "b_average", "a_gradient_accumulator", "b_gradient_accumulator", "a_momentum", "a_velocity",
        "b_momentum", "b_velocity", "variable",
      ])
    #expect(
      names(.rmsprop(momentum: 0.5, centered: true)) == [
        "a_velocity", "b_velocity", "a_momentum", "b_momentum", "a_average_gradient", "b_average_gradient",
      ])
    #expect(
      names(.adam(amsgrad: true)) == [
        "a_momentum", "a_velocity", "b_momentum", "b_velocity", "a_velocity_hat", "b_velocity_hat",
      ])
    #expect(names(.sgd()) == [])
  }

  @Test func `variables stand slot by slot in older files`() throws {
    var training = Training(.adam(amsgrad: true))
    training.steps(2)
    let variables = training.state.variables.map(\.value)
    // a_momentum, a_velocity, b_momentum, b_velocity, a_velocity_hat, b_velocity_hat
    let older = [0, 2, 1, 3, 4, 5].map { variables[$0] }
    var state = OptimizerState(training.state.optimizer)
    try state.restore(iteration: 2, learningRate: nil, variables: older, of: [(0, [2]), (1, [2, 3])], order: .legacy)
    #expect(state.variables == training.state.variables)
    var nadam = Training(.nadam())
    nadam.steps(3)
    #expect(nadam.state.momentumProduct(after: 3) == nadam.state.variables.last?.value)
    #expect(nadam.state.momentumProduct(after: .max) == Tensor(0) && training.state.momentumProduct(after: 3) == nil)
  }

  @Test func `variables that do not fit are refused`() {
    var state = OptimizerState(Optimizer<Double>.adam())
    func text(_ iteration: Int, _ rate: Double?, _ variables: [Tensor<Double>]) -> String? {
      let error = #expect(throws: OptimizerStateError.self) {
        try state.restore(iteration: iteration, learningRate: rate, variables: variables)
      }
      return error.map { "\($0)" }
    }
    #expect(text(1, nil, [[1], [1], [1]]) == "Adam: there are 3 variables; expected: 2 for each weight")
    #expect(text(1, nil, [[1], [1, 2]]) == "Adam: momentum of weight 0 has the shape [1]; expected: [2]")
    for iteration in [-1, .max] {
      #expect(
        text(iteration, nil, [])
          == "Adam: iteration is \(iteration); allowed: integers from 0 to 9007199254740992")
    }
    #expect(text(1, .nan, []) == "Adam: learning rate is nan; allowed: finite numbers of at least 0")
    #expect(state.iteration == 0 && state.variables.isEmpty)
  }

  @Test func `a step allocates nothing`() {
    var state = OptimizerState(
      Optimizer<Float>.adam().with(weightDecay: 0.1, clipping: .globalNorm(1), movingAverage: MovingAverage()))
    var value = Tensor<Float>.ones([100, 10])
    var gradient = Tensor<Float>.ones([100, 10])
    func step() {
      state.beginStep()
      state.addGradientNorm(of: &gradient, at: 0)
      state.update(&value, gradient: &gradient, at: 0)
      state.endStep()
    }
    step()
    let before = ck_allocations()
    for _ in 0..<3 { step() }
    #expect(ck_allocations() == before)
  }
}
