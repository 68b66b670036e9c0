import KerasFormat
import Layers
import Tensor
import Testing

/// Calls that throw leave a model as it was, and say the same when they are made again.
@Suite struct RefusedCallTests {
  static let x = Tensor<Float>.linspace(-1, 1, count: 48).reshaped([12, 4])
  static let y = Tensor<Int64>([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])

  /// All that training changes.
  private struct State: Hashable {
    let weights: [[Float]]
    let isBuilt: Bool
    let step: Int?
    let rate: Double?
    let variables: [OptimizerVariable<Float>]?

    init(_ model: Sequential<Float>) {
      weights = model.weights.map(\.value.scalars)
      isBuilt = model.isBuilt
      let optimizer = model.compilation?.optimizer
      (step, rate, variables) = (optimizer?.iteration, optimizer?.learningRate, optimizer?.variables)
    }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    typealias Call = @Sendable (inout Sequential<Float>, inout PhiloxGenerator) throws -> Void

    let testDescription: String
    let call: Call

    init(_ name: String, _ call: @escaping Call) {
      testDescription = name
      self.call = call
    }

    /// Of a model compiled with another loss or metric.
    static func compiled(
      _ name: String, loss: Loss<Float> = .sparseCategoricalCrossentropy, metrics: [Metric<Float>] = []
    ) -> [Refusal] {
      @Sendable func compiled(_ model: inout Sequential<Float>) {
        model.compile(optimizer: .adam(), loss: loss, metrics: metrics)
      }
      return [
        Refusal("fit: \(name)") {
          compiled(&$0)
          try $0.fit(x, y, batchSize: 5, progress: .none, using: &$1)
        },
        Refusal("trainOnBatch: \(name)") {
          compiled(&$0)
          try $0.trainOnBatch(x, y, using: &$1)
        },
      ]
    }
  }

  private struct Mistake: Error {}

  private static let refusals: [Refusal] =
    [
      Refusal("fit: fewer targets") { try $0.fit(x, y[0..<5], progress: .none, using: &$1) },
      Refusal("fit: no batch") { try $0.fit(x, y, batchSize: 0, progress: .none, using: &$1) },
      Refusal("fit: a class too many") { try $0.fit(x, y + 1, progress: .none, using: &$1) },
      Refusal("fit: class weights") { try $0.fit(x, y, classWeights: [-1: 2], progress: .none, using: &$1) },
      Refusal("fit: weights of another shape") {
        try $0.fit(x, y, sampleWeights: .ones([12, 7]), progress: .none, using: &$1)
      },
      Refusal("fit: validation of another width") {
        try $0.fit(x, y, validationData: ValidationData(.ones([2, 5]), y[0..<2]), progress: .none, using: &$1)
      },
      Refusal("fit: a validation's class too many") {
        try $0.fit(x, y, validationData: ValidationData(x, y + 1), progress: .none, using: &$1)
      },
      Refusal("fit: nothing to watch") { try $0.fit(x, y, callbacks: [EarlyStopping()], progress: .none, using: &$1) },
      Refusal("fit: a callback at the beginning") {
        try $0.fit(x, y, callbacks: [Failing(.trainingBegan)], progress: .none, using: &$1)
      },
      Refusal("fit: a callback at the first epoch's beginning") {
        try $0.fit(x, y, callbacks: [Failing(.epochBegan)], progress: .none, using: &$1)
      },
      Refusal("fit: a callback at the end of nothing") {
        try $0.fit(x, y, epochs: 0, callbacks: [Failing(.trainingEnded)], progress: .none, using: &$1)
      },
      Refusal("trainOnBatch: a class too many") { try $0.trainOnBatch(x, y + 1, using: &$1) },
      Refusal("trainOnBatch: weights of another shape") {
        try $0.trainOnBatch(x, y, sampleWeights: .ones([12, 7]), using: &$1)
      },
      Refusal("evaluate: a class too many") { model, _ in _ = try model.evaluate(x, y + 1) },
      Refusal("evaluate: no batch") { model, _ in _ = try model.evaluate(x, y, batchSize: 0) },
      Refusal("predict: no batch") { model, _ in _ = try model.predict(x, batchSize: 0) },
      Refusal("predict: a scalar") { model, _ in _ = try model.predict(Tensor<Float>(1)) },
    ]
    + Refusal.compiled("a loss without gradient", loss: .custom("own") { p, _ in p.sum(axis: 1) })
    + Refusal.compiled(
      "a loss that throws",
      loss: .custom("own") { _, _ in
        throw Mistake()
      } gradient: { p, _ in
        p
      })
    + Refusal.compiled(
      "a loss with one value for the batch",
      loss: .custom("own") { p, _ in
        p.sum()
      } gradient: { p, _ in
        p
      })
    + Refusal.compiled("a metric for other shapes", metrics: [.r2Score])
    + Refusal.compiled("a metric that throws", metrics: [.custom("own") { _, _ in throw Mistake() }])

  /// Throws where it is told to.
  private final class Failing: Callback {
    enum Moment { case trainingBegan, epochBegan, trainingEnded }
    let moment: Moment
    init(_ moment: Moment) { self.moment = moment }

    private func fail(at moment: Moment, _ run: inout TrainingRun<Float>) throws {
      guard moment == self.moment else { return }
      run.learningRate = 7
      throw Mistake()
    }
    func trainingBegan(_ run: inout TrainingRun<Float>) throws { try fail(at: .trainingBegan, &run) }
    func epochBegan(_ run: inout TrainingRun<Float>) throws { try fail(at: .epochBegan, &run) }
    func trainingEnded(_ run: inout TrainingRun<Float>) throws { try fail(at: .trainingEnded, &run) }
  }

  private func network(_ optimizer: Optimizer<Float> = .adam()) -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(5, activation: .tanh)
      Dense(3, activation: .softmax)
    }
    model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy)
    return model
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: refusals)
  func `a refused call leaves model, optimizer and generator as they were`(_ refusal: Refusal) throws {
    for isTrained in [false, true] {
      var generator = PhiloxGenerator(seed: 1)
      var model = network()
      if isTrained { try model.fit(Self.x, Self.y, epochs: 2, progress: .none, using: &generator) }
      let copy = model
      let (before, random) = (State(model), generator)
      let first = try #require(message { try refusal.call(&model, &generator) })
      #expect(State(model).weights == before.weights && model.isBuilt == isTrained, "\(first)")
      #expect(generator == random)
      let second = message { try refusal.call(&model, &generator) }
      #expect(second == first)
      #expect(generator == random)
      #expect(State(copy) == before)
      // What comes next is what would have come without the refusal.
      func goesOn(_ model: Sequential<Float>) throws -> State {
        var (model, generator) = (model, random)
        model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
        try model.fit(Self.x, Self.y, batchSize: 5, epochs: 2, progress: .none, using: &generator)
        return State(model)
      }
      #expect(try goesOn(model) == goesOn(copy))
    }
  }

  @Test(
    arguments: [
      .adam(), .sgd(momentum: 0.9), .sgd().with(gradientAccumulationSteps: 2),
      .sgd().with(movingAverage: MovingAverage()),
    ] as [Optimizer<Float>])
  func `layers changed since compile are refused each time`(_ optimizer: Optimizer<Float>) throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network(optimizer)
    try model.fit(Self.x, Self.y, epochs: 3, progress: .none, using: &generator)
    model.removeLast()
    model.add(Dense(4, activation: .relu))
    model.add(Dense(3, activation: .softmax))
    let (before, random) = (State(model), generator)
    for _ in 0..<2 {
      let fit = message { try model.fit(Self.x, Self.y, progress: .none, using: &generator) }
      let step = message { try model.trainOnBatch(Self.x, Self.y, using: &generator) }
      #expect(fit?.hasSuffix("call compile again after changing layers") == true, "\(fit ?? "")")
      #expect(step == fit)
      #expect(State(model) == before && generator == random)
    }
    #expect(try model.evaluate(Self.x, Self.y).loss.isFinite)
    model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy)
    try model.fit(Self.x, Self.y, progress: .none, using: &generator)
  }

  @Test func `plain gradient descent keeps nothing and goes on with other layers`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network(.sgd())
    try model.fit(Self.x, Self.y, progress: .none, using: &generator)
    model.removeLast()
    model.add(Dense(4, activation: .softmax))
    try model.fit(Self.x, Self.y, progress: .none, using: &generator)
    #expect(model.compilation?.optimizer.iteration == 2)
  }

  @Test func `an error in the middle of training leaves what has been learnt`() throws {
    func trained(_ end: @escaping (inout TrainingRun<Float>) throws -> Void) throws -> Sequential<Float> {
      var generator = PhiloxGenerator(seed: 1)
      var model = network()
      _ = message {
        try model.fit(
          Self.x, Self.y, batchSize: 5, epochs: 4,
          callbacks: [BatchEnd { run in if run.epoch == 1 && run.batch == 1 { try end(&run) } }], progress: .none,
          using: &generator)
      }
      return model
    }
    var failed = try trained { _ in throw Mistake() }
    let stopped = try trained { $0.stop("enough") }
    #expect(State(failed) == State(stopped))
    #expect(failed.compilation?.optimizer.iteration == 5)
    var generator = PhiloxGenerator(seed: 2)
    try failed.fit(Self.x, Self.y, progress: .none, using: &generator)
    #expect(failed.compilation?.optimizer.iteration == 6)
  }

  /// Keeps its input for the pullback.
  private struct Square: Layer {
    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x * x }
  }

  /// Refuses what is not a number.
  private struct Picky: Layer {
    struct Check: TensorOperation {
      func forward(_ context: Context<Float>) throws {
        let x = context.operand(0)
        if x[0, 0].scalar.isNaN { throw Mistake() }
        context.give(x)
      }

      func pullback(_ residual: Void, _ context: Context<Float>) { context.give(context.upstream(), of: 0) }
    }

    func call(_ x: Traced<Float>) throws -> Traced<Float> { try x.applying(Check()) }
  }

  @Test func `half a computation is not gone on with`() throws {
    let (x, y) = (Self.x[0..<3], Tensor<Float>.ones([3, 1]))
    func trained(_ mistake: (inout Sequential<Float>, inout PhiloxGenerator) throws -> Void) throws -> State {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Float> {
        Dense(2, activation: .tanh)
        Square()
        Picky()
        Dense(1)
      }
      model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError)
      try model.trainOnBatch(x, y, using: &generator)
      try mistake(&model, &generator)
      try model.trainOnBatch(x * 2, y, using: &generator)
      return State(model)
    }
    let right = try trained { _, _ in }
    let unknown = Tensor(repeating: Float.nan, shape: [3, 4])
    let again = try trained { model, generator in
      #expect(throws: Mistake.self) { try model.trainOnBatch(unknown, y, using: &generator) }
      #expect(throws: Mistake.self) { _ = try model.evaluate(unknown, y) }
      #expect(throws: Mistake.self) { _ = try model(unknown) }
      #expect(throws: Mistake.self) { _ = try model.predict(unknown, batchSize: 2) }
      #expect(throws: Mistake.self) { try model.fit(unknown, y, progress: .none, using: &generator) }
    }
    #expect(again == right)
  }
}
