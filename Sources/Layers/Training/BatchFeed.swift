internal import Tensor

/// Draws the batches of a sequence, epoch by epoch, and checks them. One thread at a time uses it.
final class BatchFeed<Scalar: RealScalar>: @unchecked Sendable {
  enum Event: Sendable {
    case batch(Samples<Scalar>)
    case endOfEpoch
  }

  private let iterator: (_ epoch: Int) -> () throws -> Batch<Scalar>?
  private let epochs: Range<Int>
  private let stepsPerEpoch: Int?
  /// What the first batch is like.
  private var form: SampleForm?

  private var epoch: Int
  private var step = 0
  /// How many batches there have been in all.
  private var count = 0
  /// The next batch of the iterator that is open.
  private var draw: (() throws -> Batch<Scalar>?)?
  private var isFresh = false

  /// - Parameter stepsPerEpoch: how many batches make an epoch, wherever iterators end; without it each has an iterator of its own.
  /// - Parameter form: what batches have to be like; without it as the first one.
  init<Batches: Sequence>(
    _ batches: sending Batches, epochs: Range<Int>, stepsPerEpoch: Int?, form: SampleForm? = nil
  ) where Batches.Element: BatchElement<Scalar> {
    iterator = { draws(batches, epoch: $0) }
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    self.form = form
    epoch = epochs.lowerBound
  }

  /// A batch or the end of an epoch; nothing after the last epoch.
  func next() throws -> Event? {
    guard epoch < epochs.upperBound else { return nil }
    if step == stepsPerEpoch { return endEpoch() }
    if let batch = try nextBatch() {
      let samples = try checked(batch)
      step += 1
      count += 1
      return .batch(samples)
    }
    if let stepsPerEpoch { throw TrainingError.batchesEnded(count: step, expected: stepsPerEpoch) }
    if step == 0 { throw TrainingError.noSamples(what: "the batches") }
    return endEpoch()
  }

  /// An iterator that ends with an epoch is followed by another where a number of batches makes an epoch.
  private func nextBatch() throws -> Batch<Scalar>? {
    while true {
      if draw == nil {
        draw = iterator(epoch)
        isFresh = true
      }
      if let batch = try draw!() {
        isFresh = false
        return batch
      }
      draw = nil
      if stepsPerEpoch == nil || step > 0 || isFresh { return nil }
    }
  }

  private func endEpoch() -> Event {
    epoch += 1
    step = 0
    return .endOfEpoch
  }

  private func checked(_ batch: Batch<Scalar>) throws -> Samples<Scalar> {
    let samples: Samples<Scalar>
    do {
      samples = try Samples(
        batch.inputs, batch.targets.map { $0.target(as: Scalar.self) }, weights: batch.sampleWeights)
    } catch let error as TrainingError {
      throw TrainingError.batch(number: step, problem: error)
    }
    let found = SampleForm(samples)
    let expected = form ?? found
    guard found == expected else {
      throw TrainingError.batch(
        number: step, problem: .sampleShapes(found: "\(found)", expected: "\(expected)"))
    }
    form = expected
    return samples
  }

  /// Goes on at a batch of an epoch, past those before that come from the same iterator.
  func goOn(atEpoch next: Int, batch: Int) throws {
    epoch = next
    step = batch
    guard let stepsPerEpoch else {
      draw = nil
      count = 0
      return try skip(to: batch)
    }
    let (steps, overflow) = (next - epochs.lowerBound).multipliedReportingOverflow(by: stepsPerEpoch)
    let (position, otherOverflow) = steps.addingReportingOverflow(batch)
    if overflow || otherOverflow { return }
    // Of its first batches one more may have been drawn.
    if count > position { (draw, count) = (nil, 0) }
    try skip(to: position)
  }

  private func skip(to position: Int) throws {
    let end = (epoch, step)
    defer { (epoch, step) = end }
    while count < position {
      if let stepsPerEpoch {
        (epoch, step) = (epochs.lowerBound + count / stepsPerEpoch, count % stepsPerEpoch)
      } else {
        step = count
      }
      guard try nextBatch() != nil else {
        throw TrainingError.batchesEnded(count: step, expected: stepsPerEpoch ?? position)
      }
      count += 1
    }
  }
}

private func draws<Batches: Sequence>(
  _ batches: Batches, epoch: Int
) -> () throws -> Batch<Batches.Element.Scalar>? where Batches.Element: BatchElement {
  func ofEpoch(_ epochs: some EpochSequence<Batches.Element>) -> () throws -> Batch<Batches.Element.Scalar>? {
    draws(epochs.makeIterator(epoch: epoch))
  }
  if let epochs = batches as? any EpochSequence<Batches.Element> { return ofEpoch(epochs) }
  return draws(batches.makeIterator())
}

private func draws<Iterator: IteratorProtocol>(
  _ iterator: Iterator
) -> () throws -> Batch<Iterator.Element.Scalar>? where Iterator.Element: BatchElement {
  var iterator = iterator
  return { try iterator.next()?.batch }
}

/// What the samples of a batch are like: the shapes of one sample, and which targets are integers.
struct SampleForm: Hashable, Sendable {
  private let inputs: [[Int]]
  private let targets: [[Int]]
  private let hasIntegers: [Bool]

  init<Scalar: RealScalar>(_ samples: Samples<Scalar>) {
    inputs = samples.sampleShapes
    targets = samples.targets.map { Array($0.shape.dropFirst()) }
    hasIntegers = samples.targets.map(\.isInteger)
  }
}

extension SampleForm: CustomStringConvertible {
  var description: String {
    let targets = zip(targets, hasIntegers).map { "\($0) of \($1 ? "integers" : "reals")" }
    return "inputs \(inputs.map { "\($0)" }.joined(separator: ", ")) and targets \(targets.joined(separator: ", "))"
  }
}
