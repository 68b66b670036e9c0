internal import Tensor

/// Draws the batches of a sequence, epoch by epoch, and checks them. Only one thread at a time may use it.
final class BatchFeed<Scalar: RealScalar>: @unchecked Sendable {
  enum Event: Sendable {
    case batch(Samples<Scalar>)
    case endOfEpoch
  }

  private let iterator: (_ epoch: Int) -> () throws -> Batch<Scalar>?
  private let epochs: Range<Int>
  private let stepsPerEpoch: Int?
  /// The form of the first batch.
  private var form: SampleForm?

  private var epoch: Int
  private var step = 0
  /// The total number of batches so far.
  private var count = 0
  /// Draws the next batch of the current iterator.
  private var draw: (() throws -> Batch<Scalar>?)?
  private var isFresh = false

  /// - Parameter stepsPerEpoch: the number of batches in an epoch, independent of where iterators end; without it, each
  ///   epoch has an iterator.
  /// - Parameter form: the required form of batches; by default, that of the first.
  init<Batches: Sequence>(
    _ batches: sending Batches, epochs: Range<Int>, stepsPerEpoch: Int?, form: SampleForm? = nil
  ) where Batches.Element: BatchElement<Scalar> {
    iterator = { draws(batches, epoch: $0) }
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    self.form = form
    epoch = epochs.lowerBound
  }

  /// Returns a batch or the end of an epoch; `nil` after the last epoch.
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

  /// If an epoch has a fixed number of batches, an iterator that ends at the end of an epoch is followed by another.
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

  /// Continues at a batch of an epoch, and skips earlier batches of the same iterator.
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
    // One more of its batches may have been drawn.
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

/// The form of a batch's samples: the shapes of one sample, and which targets are integers.
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
