import Foundation
import Layers
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct BackupTests {
  let x: Tensor<Float>
  let y: Tensor<Int64>

  init() {
    var generator = PhiloxGenerator(seed: 5)
    x = .normal([60, 4], using: &generator)
    y = (x[0..., 0] .> 0).cast(to: Int64.self)
  }

  struct Killed: Error {}

  private func network(_ optimizer: Optimizer<Float>) -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(8, activation: .relu)
      BatchNormalization()
      Dropout(0.2)
      Dense(2, activation: .softmax)
    }
    model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  private static var optimizers: [Optimizer<Float>] {
    [
      .adam(learningRate: 0.01), .nadam(learningRate: 0.01), .sgd(learningRate: 0.1, momentum: 0.9), .sgd(),
      .adam(learningRate: 0.01).with(
        movingAverage: MovingAverage(momentum: 0.9), gradientAccumulationSteps: 4),
      .rmsprop(learningRate: .exponentialDecay(initialRate: 0.01, steps: 7, decayRate: 0.9)),
    ]
  }

  /// Trains with everything new, as a program that is started again does.
  private func train(
    _ optimizer: Optimizer<Float>, epochs: Int = 6, _ callbacks: [any Callback<Float>] = [], inPieces: Bool = false,
    stepsPerEpoch: Int? = nil
  ) throws -> (weights: [Tensor<Float>], history: History, generator: PhiloxGenerator) {
    var model = network(optimizer)
    var generator = PhiloxGenerator(seed: 1)
    let history: History
    if inPieces {
      let batches = (0..<6).map { Batch(x[$0 * 10..<$0 * 10 + 10], y[$0 * 10..<$0 * 10 + 10]) }
      history = try model.fit(
        batches, epochs: epochs, stepsPerEpoch: stepsPerEpoch, validationData: ValidationData(x, y),
        callbacks: callbacks, progress: .none, using: &generator)
    } else {
      history = try model.fit(
        x, y, batchSize: 10, epochs: epochs, validationData: ValidationData(x, y), callbacks: callbacks,
        progress: .none, using: &generator)
    }
    return (model.weights.map(\.value), history, generator)
  }

  @Test(arguments: 0..<6) func `training that was broken off goes on with the same numbers`(number: Int) throws {
    let optimizer = Self.optimizers[number]
    let folder = temporaryFolder() + "/backup"
    let expected = try train(optimizer)
    #expect(throws: Killed.self) {
      try train(
        optimizer,
        [
          BackupAndRestore(folder),
          BatchEnd { run in if run.epoch == 3 && run.batch == 2 { throw Killed() } },
        ])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["epoch-3-batch-0"])
    var epochs: [Int] = []
    let found = try train(optimizer, [BackupAndRestore(folder), EpochEnd { epochs.append($0.epoch) }])
    #expect(epochs == [3, 4, 5])
    #expect(found.weights == expected.weights)
    #expect(found.history == expected.history)
    #expect(found.generator == expected.generator)
    #expect(!FileManager.default.fileExists(atPath: folder), "training has come to its end")
  }

  @Test(arguments: [false, true], [nil, 3, 1])
  func `it goes on within an epoch, and within a sequence`(inPieces: Bool, steps: Int?) throws {
    guard inPieces || steps == nil else { return }
    let optimizer = Optimizer<Float>.adam(learningRate: 0.01)
    let count = steps ?? 6
    let expected = try train(optimizer, inPieces: inPieces, stepsPerEpoch: steps)
    for killed in [0, 1, 2, 5, 6, 8] where killed < 6 * count {
      let folder = temporaryFolder()
      var batches = 0
      #expect(throws: Killed.self) {
        try train(
          optimizer,
          [
            BackupAndRestore(folder, everyBatches: 2),
            BatchEnd { _ in
              if batches == killed { throw Killed() }
              batches += 1
            },
          ], inPieces: inPieces, stepsPerEpoch: steps)
      }
      let found = try train(
        optimizer, [BackupAndRestore(folder, everyBatches: 2)], inPieces: inPieces, stepsPerEpoch: steps)
      #expect(found.weights == expected.weights)
      #expect(found.history == expected.history)
      #expect(found.generator == expected.generator)
    }
  }

  @Test func `a backup that was not finished leaves the one before`() throws {
    let optimizer = Optimizer<Float>.adam(learningRate: 0.01)
    let folder = temporaryFolder()
    let expected = try train(optimizer)
    #expect(throws: Killed.self) {
      try train(
        optimizer,
        [
          BackupAndRestore(folder),
          EpochEnd { run in if run.epoch == 1 { throw Killed() } },
        ])
    }
    // What there is of a second one when the program is killed in the middle.
    try FileManager.default.createDirectory(atPath: "\(folder)/unfinished", withIntermediateDirectories: false)
    try Data("{\"epoch\": 3".utf8).write(to: URL(filePath: "\(folder)/unfinished/state.json"))
    let found = try train(optimizer, [BackupAndRestore(folder, deletesAtEnd: false)])
    #expect(found.weights == expected.weights)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["epoch-6-batch-0"])
    // Nothing is left to be done.
    let again = try train(optimizer, [BackupAndRestore(folder, deletesAtEnd: false)])
    #expect(again.weights == expected.weights && again.history == expected.history)
    // More epochs go on from there.
    let more = try train(optimizer, epochs: 8, [BackupAndRestore(folder)])
    #expect(try more.weights == train(optimizer, epochs: 8).weights)
  }

  @Test func `results that are no numbers are kept too`() throws {
    let folder = temporaryFolder()
    let odd = EpochEnd<Float> { run in run.log("odd", [.nan, .infinity, -.infinity, 0.1 + 0.2][run.epoch]) }
    #expect(throws: Killed.self) {
      try train(
        .adam(), epochs: 4,
        [odd, BackupAndRestore(folder), EpochEnd { run in if run.epoch == 2 { throw Killed() } }])
    }
    let found = try train(.adam(), epochs: 4, [odd, BackupAndRestore(folder)])
    let results = found.history["odd"]
    #expect(results[0].isNaN && results[1] == .infinity && results[2] == -.infinity && results[3] == 0.1 + 0.2)
  }

  @Test func `backups of other training are refused, and nothing is changed`() throws {
    let folder = temporaryFolder()
    #expect(throws: Killed.self) {
      try train(
        .adam(), [BackupAndRestore(folder), BatchEnd { run in if run.epoch == 1 { throw Killed() } }])
    }
    func refusal(_ model: inout Sequential<Float>) -> String {
      var generator = PhiloxGenerator(seed: 1)
      do {
        try model.fit(x, y, callbacks: [BackupAndRestore(folder)], progress: .none, using: &generator)
        return "nothing"
      } catch {
        #expect(generator == PhiloxGenerator(seed: 1) && !model.isBuilt)
        return "\(error)"
      }
    }
    var other = network(.rmsprop())
    #expect(refusal(&other).contains("of other settings than the"))
    other = Sequential<Float> {
      Dense(8)
      Dense(2, activation: .softmax)
    }
    other.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy)
    #expect(refusal(&other).contains("BackupAndRestore: \(folder)/epoch-1-batch-0/state.json cannot be taken up"))
    other = network(.adam(learningRate: .exponentialDecay(initialRate: 0.01, steps: 7, decayRate: 0.9)))
    #expect(refusal(&other).contains("other settings"))
    other = network(.adam())
    let slot = "\(folder)/epoch-1-batch-0/optimizer-1-slot-0.npy"
    try Tensor<Float>.zeros([3]).write(to: slot)
    #expect(refusal(&other).contains("slot-0 of weight 1 has the shape [3]; expected: [8]"))
    try FileManager.default.removeItem(atPath: slot)
    #expect(refusal(&other).contains("no such file"))
    try Data("{}".utf8).write(to: URL(filePath: "\(folder)/epoch-1-batch-0/state.json"))
    #expect(refusal(&other).contains("cannot be taken up"))
  }
}
