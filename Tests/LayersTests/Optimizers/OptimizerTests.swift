import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// One weight after steps with the gradient 1.
  static func value(_ optimizer: Optimizer<Double>, steps: Int) -> Double {
    var state = OptimizerState(optimizer)
    var value = Tensor<Double>([1])
    for _ in 0..<steps {
      var gradient = Tensor<Double>([1])
      state.beginStep()
      if state.needsGradientNorm { state.addGradientNorm(of: &gradient, at: 0) }
      state.update(&value, gradient: &gradient, at: 0)
      state.endStep()
    }
    return value.scalars[0]
  }

  @Test func `a name, in capitals or not, stands for the defaults`() throws {
    #expect(try Optimizer<Float>(named: "sgd") == .sgd())
    #expect(try Optimizer<Float>(named: "SGD") == .sgd())
    #expect(try Optimizer<Float>(named: "rmsprop") == .rmsprop())
    #expect(try Optimizer<Float>(named: "adam") == .adam())
    #expect(try Optimizer<Float>(named: "AdamW") == .adamW())
    #expect(try Optimizer<Float>(named: "adamax") == .adamax())
    #expect(try Optimizer<Float>(named: "nadam") == .nadam())
    #expect(try Optimizer<Float>(named: "lion") == .lion())
    #expect(try Optimizer<Float>(named: "adagrad") == .adagrad())
    #expect(try Optimizer<Float>(named: "adadelta") == .adadelta())
    #expect(try Optimizer<Float>(named: "ftrl") == .ftrl())
    #expect(try Optimizer<Float>(named: "lamb") == .lamb())
    #expect(try Optimizer<Float>(named: "adafactor") == .adafactor())
    #expect(try Optimizer<Float>(named: "muon") == .muon())
    #expect(try Optimizer<Float>(named: "ScheduleFreeAdamW") == .scheduleFreeAdamW())
    let optimizer: Optimizer<Float> = "adam"
    #expect(optimizer == .adam())
    #expect(Optimizer<Float>.names.count == 14)
  }

  @Test func `optimizers are equal where all settings are`() {
    #expect(Optimizer<Float>.adam(beta1: 0.8) != .adam())
    #expect(Optimizer<Float>.adam().with(weightDecay: 0.1) != .adam())
    #expect(Set([Optimizer<Float>.adam(), .adam(), .sgd()]).count == 2)
    let decayed = Optimizer<Float>.adamW(weightDecay: 0.1).with(clipping: .norm(1))
    #expect(decayed.weightDecay == 0.1 && decayed.clipping == .norm(1))
  }

  @Test func `parameters have Keras's names`() throws {
    let optimizer = try Optimizer<Float>(
      named: "adam", parameters: ["learning_rate": 0.1, "beta_1": 0.8, "clipnorm": 2, "use_ema": true])
    #expect(
      optimizer
        == .adam(learningRate: 0.1, beta1: 0.8).with(clipping: .norm(2), movingAverage: MovingAverage()))
  }

  static let mistakes: [(name: String, parameters: [String: Configuration], text: String)] = [
    (
      "adma", [:],
      "no optimizer is called \"adma\"; did you mean Adam, AdamW or Adamax? There are SGD, RMSprop, Adagrad, Adadelta, "
        + "Adam, AdamW, Adamax, Nadam, Lion, Ftrl, Lamb, Adafactor, Muon, ScheduleFreeAdamW"
    ),
    ("adam", ["beta_1": 1], "Adam: beta_1 is 1; allowed: numbers of at least 0 and below 1"),
    ("lion", ["beta_1": 0], "Lion: beta_1 is 0; allowed: numbers above 0, up to 1"),
    ("sgd", ["momentum": 1.5], "SGD: momentum is 1.5; allowed: numbers from 0 to 1"),
    ("sgd", ["nesterov": 1], "SGD: nesterov is 1; allowed: true and false"),
    (
      "sgd", ["learning_rate": -1], "constant: learning_rate is -1; allowed: finite numbers of at least 0"
    ),
    (
      "sgd", ["learning_rate": true], "true is no schedule; expected: a name, or an object with class_name and config"
    ),
    (
      "adam", ["gradient_accumulation_steps": 1],
      "Adam: gradient_accumulation_steps is 1; allowed: integers of at least 2"
    ),
    (
      "adam", ["clipnorm": 1, "clipvalue": 1],
      "Adam: clipping is given 2 times; allowed: one of clipnorm, clipvalue and global_clipnorm"
    ),
    ("adam", ["clipnorm": 0], "Adam: clipnorm is 0; allowed: finite numbers above 0"),
    (
      "adam", ["beta_3": 0],
      "Adam has no parameter beta_3; it has beta_1, beta_2, epsilon, amsgrad, learning_rate, "
        + "weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, "
        + "loss_scale_factor, gradient_accumulation_steps"
    ),
  ]

  @Test(arguments: mistakes.indices) func `mistakes in names and parameters are told`(index: Int) {
    let mistake = Self.mistakes[index]
    let error = #expect(throws: ConfigurationError.self) {
      try Optimizer<Float>(named: mistake.name, parameters: mistake.parameters)
    }
    #expect(error.map { "\($0)" } == mistake.text)
  }

  static let traps: [(run: @Sendable () -> Void, text: String)] = [
    ({ _ = Optimizer<Float>.adam(beta2: 2) }, "Adam: beta2 is 2.0; allowed: numbers of at least 0 and below 1"),
    ({ _ = Optimizer<Float>.sgd(learningRate: -0.5) }, "rate is -0.5; allowed: finite numbers of at least 0"),
    (
      { _ = Optimizer<Float>.sgd().with(weightDecay: -1) }, "weightDecay is -1.0; allowed: finite numbers of at least 0"
    ),
    (
      { _ = OptimizerState(Optimizer<Float>.sgd().with(clipping: .value(0))) },
      "the limit of clipping is 0.0; allowed: finite numbers above 0"
    ),
    ({ _ = MovingAverage(momentum: 2) }, "momentum is 2.0; allowed: numbers from 0 to 1"),
    (
      {
        let optimizer: Optimizer<Float> = "adom"
        _ = optimizer
      }, "no optimizer is called \"adom\"; did you mean Adam"
    ),
    (
      {
        var state = OptimizerState(Optimizer<Float>.sgd(learningRate: .cosineDecay(initialRate: 0.1, steps: 5)))
        state.learningRate = 1
      }, "SGD: the learning rate follows CosineDecay and cannot be set"
    ),
    (
      {
        var state = OptimizerState(Optimizer<Float>.sgd())
        var value = Tensor<Float>.ones([2])
        var gradient = Tensor<Float>.ones([3])
        state.update(&value, gradient: &gradient, at: 0)
      }, "SGD: a gradient of the shape [3] for a weight of the shape [2]"
    ),
    (
      {
        var state = OptimizerState(Optimizer<Float>.adam())
        for count in [2, 3] {
          var value = Tensor<Float>.ones([count])
          var gradient = Tensor<Float>.ones([count])
          state.update(&value, gradient: &gradient, at: 0)
        }
      }, "Adam: weight 0 has the shape [3] and had [2] before"
    ),
  ]

  @Test(arguments: traps.indices) func `mistakes in source code stop the program`(index: Int) async {
    await expectMessage(
      Self.traps[index].text,
      of: #expect(processExitsWith: .failure, observing: standardError) { [index] in
        OptimizerTests.traps[index].run()
      })
  }

  @Test func `the learning rate can be set while training goes on`() {
    var state = OptimizerState(Optimizer<Double>.sgd(learningRate: 0.5))
    var value = Tensor<Double>([1, 2])
    for rate in [0.5, 0.25] {
      #expect(state.canSetLearningRate)
      state.learningRate = rate
      var gradient = Tensor<Double>([1, 1])
      state.beginStep()
      state.update(&value, gradient: &gradient, at: 0)
      state.endStep()
    }
    #expect(value.scalars == [0.25, 1.25])
    #expect(state.iteration == 2 && state.learningRate == 0.25)
  }

  @Test func `a copy of a state goes on independently`() {
    var first = OptimizerState(Optimizer<Double>.sgd(learningRate: 1, momentum: 0.5))
    var value = Tensor<Double>([0])
    func step(_ state: inout OptimizerState<Double>, _ value: inout Tensor<Double>) {
      var gradient = Tensor<Double>([1])
      state.beginStep()
      state.update(&value, gradient: &gradient, at: 0)
      state.endStep()
    }
    step(&first, &value)
    var (second, other) = (first, value)
    step(&first, &value)
    step(&second, &other)
    step(&second, &other)
    #expect(value.scalars == [-2.5] && other.scalars == [-4.25])
    step(&first, &value)
    #expect(value.scalars == [-4.25])
  }

  @Test func `a norm that is not finite makes gradients NaN`() {
    var state = OptimizerState(Optimizer<Float>.sgd().with(clipping: .globalNorm(1)))
    var value = Tensor<Float>([1, 1])
    var gradient = Tensor<Float>([.infinity, 0])
    state.beginStep()
    state.addGradientNorm(of: &gradient, at: 0)
    state.update(&value, gradient: &gradient, at: 0)
    #expect(value.scalars.filter(\.isNaN).count == 2)
  }

  @Test func `a custom optimizer is told value, gradient, slots and step`() {
    let optimizer = Optimizer<Double>.custom("mean", learningRate: 0.5, slots: ["mean"]) {
      value, gradient, slots, step in
      slots[0].add(gradient, scaledBy: 1)
      value.add(slots[0], scaledBy: -step.learningRate / Double(step.number))
    }
    #expect(optimizer.name == "mean" && optimizer == optimizer && optimizer != .custom("mean") { _, _, _, _ in })
    #expect(Self.value(optimizer, steps: 3) == -0.5)
    #expect(Self.value(optimizer.with(lossScaleFactor: 2), steps: 3) == 0.25)
    #expect(Self.value(optimizer.with(clipping: .value(0.5)), steps: 3) == 0.25)
    #expect(Self.value(optimizer.with(gradientAccumulationSteps: 3), steps: 3) == 0.5)
    #expect(Self.value(optimizer.with(weightDecay: 1), steps: 1) == 0)
  }

  @Test func `weights approach a minimum with every optimizer`() {
    let rates: [(Optimizer<Double>, Int)] = [
      (.sgd(learningRate: 0.1), 100), (.sgd(learningRate: 0.05, momentum: 0.8, nesterov: true), 100),
      (.rmsprop(learningRate: 0.01), 400), (.adagrad(learningRate: 0.5), 400), (.adadelta(learningRate: 5), 2000),
      (.adam(learningRate: 0.05), 400), (.adamW(learningRate: 0.05, weightDecay: 0), 400),
      (.adamax(learningRate: 0.05), 400), (.nadam(learningRate: 0.05), 400),
      (.lion(learningRate: .exponentialDecay(initialRate: 0.05, steps: 100, decayRate: 0.5)), 800),
      (.ftrl(learningRate: 1), 400),
      (.lamb(learningRate: .exponentialDecay(initialRate: 0.05, steps: 100, decayRate: 0.2)), 400),
    ]
    for (optimizer, steps) in rates {
      var state = OptimizerState(optimizer)
      let target = Tensor<Double>([1, -2, 0.5])
      var value = Tensor<Double>([3, 1, -1])
      for _ in 0..<steps {
        var gradient = 2 * (value - target)
        state.beginStep()
        state.update(&value, gradient: &gradient, at: 0)
        state.endStep()
      }
      #expect((value - target).absolute().max().scalar < 0.03, "\(optimizer.name): \(value)")
    }
  }
}
