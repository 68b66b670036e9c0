import Foundation
import Layers
import Synchronization
import Tensor
import TestSupport
import Testing

struct BatchTests {
  static let count = 50
  let x: Tensor<Float>
  let y: Tensor<Int64>

  init() {
    var generator = PhiloxGenerator(seed: 5)
    x = .normal([Self.count, 4], using: &generator)
    y = (x[0..., 0] .> 0).cast(to: Int64.self)
  }

  private func network() -> Sequential<Float> {
    var model = Sequential<Float> {
      Dense(8, activation: .relu)
      Dropout(0.2)
      Dense(2, activation: .softmax)
    }
    model.compile(optimizer: .adam(learningRate: 0.01), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  private func batches(of size: Int = 16) -> [Batch<Float>] {
    stride(from: 0, to: Self.count, by: size).map { start in
      let rows = start..<min(start + size, Self.count)
      return Batch(x[rows], y[rows])
    }
  }

  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing"
    } catch { return "\(error)" }
  }

  @Test func `a sequence of batches trains to the bit as tensors in the same order do`() throws {
    var (whole, pieces) = (network(), network())
    var (first, second) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    let expected = try whole.fit(
      x, y, batchSize: 16, epochs: 3, validationData: ValidationData(x, y), shuffle: false, progress: .none,
      using: &first)
    let found = try pieces.fit(
      batches(), epochs: 3, validationData: ValidationData(batches()), progress: .none, using: &second)
    #expect(found == expected)
    #expect(pieces.weights.map(\.value) == whole.weights.map(\.value))
    #expect(first == second)
    #expect(try pieces.evaluate(batches()) == whole.evaluate(x, y, batchSize: 16))
    // Tensors for validation are taken in batches as large as the first.
    var third = PhiloxGenerator(seed: 1)
    var again = network()
    let history = try again.fit(
      batches(), epochs: 3, validationData: ValidationData(x, y), progress: .none, using: &third)
    #expect(history == expected)
  }

  @Test func `weights of samples come with their batches`() throws {
    let weights = Tensor<Float>.arange(0, 50) * 0.04
    var (whole, pieces) = (network(), network())
    var (first, second) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    let expected = try whole.fit(
      x, y, batchSize: 25, shuffle: false, sampleWeights: weights, progress: .none, using: &first)
    let halves = [0..<25, 25..<50].map { Batch(x[$0], y[$0], sampleWeights: weights[$0]) }
    #expect(try pieces.fit(halves, progress: .none, using: &second) == expected)
  }

  @Test func `an endless sequence needs the number of its steps, and goes on in the next epoch`() throws {
    let all = batches(of: 10)
    var starts: [Int] = []
    let endless = sequence(state: 0) { (index: inout Int) -> Batch<Float>? in
      defer { index += 1 }
      return all[index % all.count]
    }
    var (model, expected) = (network(), network())
    var (first, second) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    let history = try model.fit(
      endless, epochs: 3, stepsPerEpoch: 4, callbacks: [BatchEnd { starts.append($0.batch) }], progress: .none,
      using: &first)
    #expect(history.epochs == [0, 1, 2])
    #expect(starts == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
    let order = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1].map { all[$0] }
    try expected.fit(order, progress: .none, using: &second)
    #expect(model.weights.map(\.value) == expected.weights.map(\.value))
    // An iterator that ends with an epoch is followed by another.
    var (third, fourth) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    var (again, repeated) = (network(), network())
    let repeating = try again.fit(Array(all[..<4]), epochs: 3, stepsPerEpoch: 2, progress: .none, using: &third)
    try repeated.fit([0, 1, 2, 3, 0, 1].map { all[$0] }, progress: .none, using: &fourth)
    #expect(repeating.epochs == [0, 1, 2])
    #expect(again.weights.map(\.value) == repeated.weights.map(\.value))
    #expect(try model.evaluate(all, steps: 2) == model.evaluate(x[0..<20], y[0..<20], batchSize: 10))
  }

  @Test func `the order of an epoch is asked for by its number`() throws {
    struct Turned: EpochSequence {
      let batches: [Batch<Float>]
      func makeIterator(epoch: Int) -> IndexingIterator<[Batch<Float>]> {
        (Array(batches[epoch...]) + batches[..<epoch]).makeIterator()
      }
    }
    let all = batches()
    var (model, expected) = (network(), network())
    var (first, second) = (PhiloxGenerator(seed: 1), PhiloxGenerator(seed: 1))
    try model.fit(Turned(batches: all), epochs: 3, initialEpoch: 1, progress: .none, using: &first)
    try expected.fit([1, 2, 3, 0, 2, 3, 0, 1].map { all[$0] }, progress: .none, using: &second)
    #expect(model.weights.map(\.value) == expected.weights.map(\.value))
  }

  @Test func `batches that do not fit are named by their number`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let before = generator
    let narrow = Batch(x[0..<10, 0..<3], y[0..<10])
    let real = Batch(x[0..<10], y[0..<10].cast(to: Float.self))
    let uneven = Batch(x[0..<10], y[0..<9])
    let good = batches(of: 10)
    #expect(
      text { try model.fit(good[..<2] + [narrow], progress: .none, using: &generator) }
        == "batch 2: samples have inputs [3] and targets [] of integers; expected: inputs [4] and targets [] of integers, as in the first batch"
    )
    #expect(
      text { try model.fit(good[..<1] + [real], progress: .none, using: &generator) }
        == "batch 1: samples have inputs [4] and targets [] of reals; expected: inputs [4] and targets [] of integers, as in the first batch"
    )
    #expect(
      text { try model.fit(good[..<3] + [uneven], progress: .none, using: &generator) }
        == "batch 3: rows of y: there are 9; expected: one for each of the 10 samples")
    #expect(
      text { try model.fit(good, epochs: 3, stepsPerEpoch: 3, progress: .none, using: &generator) }
        == "the sequence of batches ended after 2 in an epoch; expected: 3 in each")
    #expect(
      text { _ = try model.evaluate(good, steps: 7) }
        == "the sequence of batches ended after 5 in an epoch; expected: 7 in each")
    #expect(
      text {
        try model.fit(good, validationData: ValidationData(good + [narrow]), progress: .none, using: &generator)
      }.hasPrefix("batch 5: samples have inputs [3]"))
    // What cannot begin changes nothing.
    model = network()
    generator = before
    #expect(text { try model.fit([] as [Batch<Float>], using: &generator) } == "the batches: there are no samples")
    #expect(text { _ = try model.evaluate([] as [Batch<Float>]) } == "the batches: there are no samples")
    #expect(text { try model.fit([uneven], using: &generator) }.hasPrefix("batch 0: rows of y"))
    #expect(
      text { try model.fit(good, validationData: ValidationData([narrow]), using: &generator) }
        .contains("[batch, 3]"))
    #expect(
      text { try model.fit(good, stepsPerEpoch: 0, using: &generator) }
        == "stepsPerEpoch is 0; allowed: integers of at least 1")
    #expect(!model.isBuilt && generator == before)
  }

  @Test func `options of tensors are refused beside sequences, and those of sequences beside tensors`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let weights = Tensor<Float>.ones([Self.count])
    let changes: [(String, (inout TrainingOptions<Float>) -> Void)] = [
      ("batchSize", { $0.batchSize = 32 }), ("shuffle", { $0.shuffle = false }),
      ("validationSplit", { $0.validationSplit = 0.1 }), ("classWeights", { $0.classWeights = [1: 2] }),
      ("sampleWeights", { $0.sampleWeights = [weights] }),
    ]
    for (name, change) in changes {
      #expect(throws: TrainingError.notForSequences(option: name)) {
        try model.fit(batches(), options: TrainingOptions(change), using: &generator)
      }
    }
    #expect(throws: TrainingError.notForTensors(option: "stepsPerEpoch")) {
      try model.fit([x], [y], options: TrainingOptions { $0.stepsPerEpoch = 2 }, using: &generator)
    }
  }

  struct Unreadable: Error, Equatable { let index: Int }

  @Test func `an error of the source comes when it is the turn of its batch`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let all = batches(of: 10)
    let source = all.enumerated().map { index, batch -> Result<Batch<Float>, any Error> in
      index == 3 ? .failure(Unreadable(index: index)) : .success(batch)
    }
    var done: [Int] = []
    #expect(throws: Unreadable(index: 3)) {
      try model.fit(source, callbacks: [BatchEnd { done.append($0.batch) }], progress: .none, using: &generator)
    }
    #expect(done == [0, 1, 2])
    #expect(throws: Unreadable(index: 3)) { _ = try model.evaluate(source) }
  }

  /// What only the source holds.
  private final class Token: Sendable {}

  @Test func `nothing holds the source when training is over, however it ends`() throws {
    let all = batches(of: 10)
    struct Source: Sequence {
      let batches: [Batch<Float>]
      let token: Token
      func makeIterator() -> AnyIterator<Batch<Float>> {
        var index = 0
        return AnyIterator {
          index += 1
          return withExtendedLifetime(token) { batches[index % batches.count] }
        }
      }
    }
    func isGone(_ body: (Token) throws -> Void) rethrows -> Bool {
      weak var held: Token?
      do {
        let token = Token()
        held = token
        try body(token)
      }
      return held == nil
    }
    var generator = PhiloxGenerator(seed: 1)
    let isGoneAfterStop = try isGone { token in
      var model = network()
      let history = try model.fit(
        Source(batches: all, token: token), callbacks: [BatchEnd { $0.stop("enough") }], progress: .none,
        using: &generator)
      #expect(history.stopReason == .callback("enough"))
    }
    let isGoneAfterError = isGone { token in
      var model = network()
      #expect(throws: Unreadable(index: 8)) {
        try model.fit(
          Source(batches: all, token: token), callbacks: [BatchEnd { _ in throw Unreadable(index: 8) }],
          progress: .none, using: &generator)
      }
    }
    let isGoneAfterRefusal = isGone { token in
      var model = network()
      #expect(throws: TrainingError.self) {
        try model.fit(
          Source(batches: all, token: token), validationData: ValidationData(x, y[..<3]), progress: .none,
          using: &generator)
      }
    }
    #expect(isGoneAfterStop && isGoneAfterError && isGoneAfterRefusal)
  }

  @Test func `the next batch is made while one is trained on`() throws {
    var generator = PhiloxGenerator(seed: 1)
    var model = network()
    let all = batches(of: 10)
    struct Counted: Sequence {
      let batches: [Batch<Float>]
      let count: Counter
      func makeIterator() -> AnyIterator<Batch<Float>> {
        var rest = batches[...]
        return AnyIterator {
          if !rest.isEmpty { count.value.add(1, ordering: .sequentiallyConsistent) }
          return rest.popFirst()
        }
      }
    }
    let made = Counter()
    // Training waits in the first step until the second batch has been made: without a second thread, for ever.
    var counts: [Int] = []
    try model.fit(
      Counted(batches: all, count: made),
      callbacks: [
        BatchEnd { run in
          let expected = min(run.batch + 2, all.count)
          while made.value.load(ordering: .sequentiallyConsistent) < expected { usleep(100) }
          counts.append(made.value.load(ordering: .sequentiallyConsistent) - expected)
        }
      ], progress: .none, using: &generator)
    #expect(counts == [0, 0, 0, 0, 0], "one ahead, never more")
  }

  private final class Counter: Sendable {
    let value = Atomic(0)
  }
}
