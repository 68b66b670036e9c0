import Activations
import Foundation
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct FitTests {
  let x: Tensor<Float>
  let y: Tensor<Int64>

  init() {
    var generator = PhiloxGenerator(seed: 21)
    x = .normal([200, 4], using: &generator)
    y = (x[0..., 0] * x[0..., 1] .> 0).cast(to: Int64.self)
  }

  private func network() -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(32, activation: .selu, kernelInitializer: .lecunNormal)
      AlphaDropout(0.05)
      Dense(2, activation: .softmax)
    }
    model.compile(optimizer: .adam(learningRate: 0.01), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  @Test func `training learns, reports and is repeated by its seed`() throws {
    func trained(threads: Int) throws -> (Sequential<Float>, History) {
      let threadCount = ThreadCount()
      defer { threadCount.restore() }
      Threads.count = threads
      var generator = PhiloxGenerator(seed: 1)
      var model = network()
      let history = try model.fit(
        x, y, epochs: 30, validationSplit: 0.2, progress: .none, using: &generator)
      return (model, history)
    }
    let (model, history) = try trained(threads: 1)
    #expect(history.epochs == Array(0..<30))
    #expect(Set(history.logs[0].names) == ["loss", "accuracy", "val_loss", "val_accuracy"])
    #expect(history["loss"].last! < 0.5 * history["loss"][0])
    #expect(try model.evaluate(x, y)["accuracy"]! > 0.9)
    let (again, other) = try trained(threads: 2)
    #expect(history == other)
    #expect(model.weights.map(\.value) == again.weights.map(\.value))
  }

  @Test func `predictions do not depend on the size of batches`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    try model.build(for: x, using: &generator)
    let whole = try model(x)
    #expect(try model.predict(x, batchSize: 7) == whole)
    #expect(try model.predict(x, batchSize: 1) == whole)
    #expect(try model.predict(x) == whole)
  }

  @Test func `the loss of a set does not depend on the size of batches, in training and evaluation`() throws {
    var generator = PhiloxGenerator(seed: 1)
    for loss in [.sparseCategoricalCrossentropy, .categoricalGeneralizedCrossEntropy()] as [Loss<Float>] {
      var model = Sequential<Float> { Dense(2, activation: .softmax, kernelRegularizer: .l2(0.01)) }
      model.compile(optimizer: .sgd(learningRate: 0), loss: loss)
      try model.build(for: x, using: &generator)
      let whole = try model.evaluate(x, y).loss
      for batchSize in [1, 7, 64] {
        #expect(abs(try model.evaluate(x, y, batchSize: batchSize).loss / whole - 1) < 1e-13)
        let history = try model.fit(x, y, batchSize: batchSize, shuffle: false, progress: .none, using: &generator)
        #expect(abs(history["loss"][0] / whole - 1) < 1e-13)
      }
      #expect(try model.trainOnBatch(x, y, using: &generator) == whole)
    }
  }

  @Test func `a loop over batches allocates its results only`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    try model.build(for: x, using: &generator)
    _ = try model(x)
    let uses = try Allocations.during { for _ in 0..<10 { _ = try model(x) } }
    #expect(uses == 10)
  }

  @Test func `memory does not grow over epochs`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    var counts: [Int] = []
    var last = 0
    try model.fit(
      x, y, batchSize: 30, epochs: 6,
      callbacks: [
        EpochEnd { _ in
          counts.append(Allocations.total - last)
          last = Allocations.total
        }
      ], progress: .none, using: &generator)
    #expect(Set(counts.dropFirst(2)).count == 1, "\(counts)")
  }

  @Test func `frozen layers stay as they are`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    try model.build(for: x, using: &generator)
    model["dense"].isTrainable = false
    let before = model.weights.map(\.value)
    try model.fit(x, y, epochs: 1, progress: .none, using: &generator)
    let after = model.weights.map(\.value)
    #expect(before[0] == after[0] && before[1] == after[1])
    #expect(before[2] != after[2])
  }

  @Test func `early stopping ends training and brings the best weights back`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let stopping = EarlyStopping<Float>(monitor: "val_loss", patience: 3, restoresBestWeights: true)
    let history = try model.fit(
      x[0..<60], y[0..<60], epochs: 200, validationData: ValidationData(x[60...], y[60...]), callbacks: [stopping],
      progress: .none, using: &generator)
    #expect(history.epochs.count < 200)
    #expect(history.stopReason == .callback("val_loss has not improved for 3 epochs"))
    let best = history["val_loss"].min()!
    #expect(abs(try model.evaluate(x[60...], y[60...]).loss - best) < 1e-6)
    #expect(stopping.best == best)
  }

  @Test func `the best weights stay where the optimizer averages weights at the end`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    model.compile(
      optimizer: .sgd(learningRate: 0.1).with(movingAverage: MovingAverage(momentum: 0.9)),
      loss: .sparseCategoricalCrossentropy)
    var ofEpochs: [[Tensor<Float>]] = []
    let stopping = EarlyStopping<Float>(monitor: "loss", mode: .maximum, restoresBestWeights: true)
    try model.fit(
      x, y, epochs: 3,
      callbacks: [EpochEnd { ofEpochs.append($0.model.weights.map(\.value)) }, stopping], progress: .none,
      using: &generator)
    #expect(stopping.bestEpoch == 0 && model.weights.map(\.value) == ofEpochs[0])
  }

  @Test func `a plateau lowers the learning rate`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    model.compile(optimizer: .sgd(learningRate: 0.5), loss: .sparseCategoricalCrossentropy)
    let history = try model.fit(
      x, y, epochs: 6,
      callbacks: [ReduceLearningRateOnPlateau(monitor: "loss", factor: 0.5, patience: 1, minimumDelta: 100)],
      progress: .none, using: &generator)
    #expect(history["learning_rate"] == [0.5, 0.5, 0.25, 0.125, 0.0625, 0.03125])
  }

  @Test func `a loss that is not a number ends training where that is asked for`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    var broken = x
    broken[at: 3, 1] = .nan
    let history = try model.fit(
      broken, y, batchSize: 100, epochs: 3, shuffle: false, callbacks: [TerminateOnNaN()], progress: .none,
      using: &generator)
    #expect(history.epochs == [0])
    #expect("\(history.stopReason!)" == "the loss is nan at batch 1 of epoch 1")
  }

  @Test func `a cancelled task ends training after the batch and keeps the weights`() async throws {
    let (model, x, y) = (network(), x, y)
    let task = Task {
      var model = model
      var generator = PhiloxGenerator(seed: 1)
      let history = try model.fit(
        x, y, epochs: 100_000,
        callbacks: [EpochEnd { run in if run.epoch == 2 { withUnsafeCurrentTask { $0?.cancel() } } }], progress: .none,
        using: &generator)
      return (history.stopReason, model.isBuilt, history.epochs.count)
    }
    let (reason, isBuilt, epochs) = try await task.value
    #expect(reason == .cancelled)
    #expect(isBuilt)
    #expect(epochs == 3)
  }

  @Test func `checkpoints and logs are written`() throws {
    let folder = temporaryFolder()
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    try model.fit(
      x, y, epochs: 2, validationSplit: 0.1,
      callbacks: [CSVLogger("\(folder)/log.csv"), ModelCheckpoint("\(folder)/epoch{epoch}")], progress: .none,
      using: &generator)
    let lines = try String(contentsOfFile: "\(folder)/log.csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "epoch,accuracy,loss,val_accuracy,val_loss" && lines[2].hasPrefix("1,"))
    var other = network()
    try other.build(for: x, using: &generator)
    try other.readWeights(fromFolder: "\(folder)/epoch2")
    #expect(try other(x) == model(x))
  }

  @Test func `what does not fit is refused before anything is computed`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    func text(_ body: (inout Sequential<Float>) throws -> Void) -> String {
      do {
        try body(&model)
        return "nothing was thrown"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      text { try $0.fit(x, y[0..<150], using: &generator) }
        == "rows of y: there are 150; expected: one for each of the 200 samples")
    #expect(
      text { try $0.fit(x, y, batchSize: 0, using: &generator) } == "batchSize is 0; allowed: integers of at least 1")
    #expect(
      text { try $0.fit(x, y, validationSplit: 1, using: &generator) }
        == "validationSplit is 1.0; allowed: numbers of at least 0 and below 1")
    #expect(
      text { try $0.fit(x, y, sampleWeights: .ones([3]), using: &generator) }
        == "sample weights: there are 3; expected: one for each of the 200 samples")
    #expect(text { try $0.fit(x, y + 5, using: &generator) }.contains("5"))
    #expect(
      text { try $0.fit(x, y, callbacks: [EarlyStopping()], progress: .none, using: &generator) }
        == "EarlyStopping: \"val_loss\" is not computed; there are loss, accuracy")
    #expect(
      text { try $0.fit(x, y, callbacks: [CSVLogger("/no/such/log.csv")], progress: .none, using: &generator) }
        == "CSVLogger: /no/such/log.csv cannot be written: No such file or directory"
    )
    #expect(
      text { try $0.fit(x, y, callbacks: [CSVLogger("/dev/full")], progress: .none, using: &generator) }
        == "CSVLogger: /dev/full cannot be written: No space left on device")
    try model.build(for: x, using: &generator)
    #expect(
      text { try $0.fit(Tensor<Float>.ones([200, 3]), y, using: &generator) }
        == "Dense \"dense\": the input has the shape [batch, 3]; expected: [batch, …, 4]")
    var own = Sequential<Float> { Dense(2) { x in x * x } }
    own.compile(loss: .sparseCategoricalCrossentropy)
    let error = #expect(throws: LayerError.self) { try own.fit(x, y, using: &generator) }
    #expect("\(error!)".contains("made without a pullback"))
    #expect(try own.evaluate(x, y).names == ["loss"])
    var bare = Sequential<Float> { Dense(2) }
    #expect(throws: TrainingError.notCompiled(model: "Sequential")) { try bare.fit(x, y, using: &generator) }
  }

  @Test func `the summary is Keras's table`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> {
      Input(4)
      Dense(32, activation: .selu).named("hidden")
      Dense(2, activation: .softmax)
    }
    try model.build(using: &generator)
    model["hidden"].isTrainable = false
    #expect(
      model.summary() == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
        ┃ Layer (type)   ┃ Output Shape ┃ Param # ┃
        ┡━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
        │ hidden (Dense) │ (None, 32)   │     160 │
        ├────────────────┼──────────────┼─────────┤
        │ dense (Dense)  │ (None, 2)    │      66 │
        └────────────────┴──────────────┴─────────┘
         Total params: 226 (904.00 B)
         Trainable params: 66 (264.00 B)
         Non-trainable params: 160 (640.00 B)

        """)
  }
}
