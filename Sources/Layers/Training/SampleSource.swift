internal import Tensor

/// A source of training batches.
protocol SampleSource<Scalar>: AnyObject {
  associatedtype Scalar: RealScalar

  /// The number of batches in an epoch; `nil` before it is known.
  var batchCount: Int? { get }
  /// - Parameter batch: the batch that ``next(_:)`` returns first.
  func beginEpoch(atBatch batch: Int, using generator: inout PhiloxGenerator)
  /// Returns the next batch of the epoch, copied into the context's memory if necessary; `nil` at the end of the epoch.
  func next(_ context: Context<Scalar>) throws -> Samples<Scalar>?
  /// Continues at a batch of an epoch, which then starts at that batch.
  func goOn(atEpoch epoch: Int, batch: Int) throws
  /// Called when training ends, in any way.
  func end()
}

extension SampleSource {
  func beginEpoch(using generator: inout PhiloxGenerator) { beginEpoch(atBatch: 0, using: &generator) }
}

/// Batches of samples in memory.
final class MemorySource<Scalar: RealScalar>: SampleSource {
  private let samples: Samples<Scalar>
  private let batchSize: Int
  private let shuffles: Bool
  private var order: Tensor<Int64>?
  private var start = 0

  init(_ samples: Samples<Scalar>, batchSize: Int, shuffles: Bool) {
    self.samples = samples
    self.batchSize = batchSize
    self.shuffles = shuffles
  }

  var batchCount: Int? { (samples.count + batchSize - 1) / batchSize }

  func beginEpoch(atBatch batch: Int, using generator: inout PhiloxGenerator) {
    order = shuffles ? .permutation(samples.count, using: &generator) : nil
    start = batch > samples.count / batchSize ? samples.count : batch * batchSize
  }

  func next(_ context: Context<Scalar>) -> Samples<Scalar>? {
    guard start < samples.count else { return nil }
    let range = start..<min(start + batchSize, samples.count)
    start = range.upperBound
    return order.map { samples.taking($0[range], context) } ?? samples[range]
  }

  func goOn(atEpoch epoch: Int, batch: Int) {}
  func end() {}
}

/// Batches of a sequence, each prepared during the previous training step.
final class SequenceSource<Scalar: RealScalar>: SampleSource {
  private let feed: BatchFeed<Scalar>
  private var prefetcher: Prefetcher<BatchFeed<Scalar>.Event>
  /// The first batch, drawn before training to check it.
  let first: Samples<Scalar>
  private var isFirstPending = true
  private(set) var batchCount: Int?
  private var step = 0

  init(_ feed: BatchFeed<Scalar>, stepsPerEpoch: Int?) throws {
    self.feed = feed
    let prefetcher = Prefetcher { try feed.next() }
    self.prefetcher = prefetcher
    batchCount = stepsPerEpoch
    do {
      guard case .batch(let samples) = try prefetcher.next() else { throw TrainingError.noSamples(what: "the batches") }
      first = samples
    } catch {
      prefetcher.stop()
      throw error
    }
  }

  deinit { prefetcher.stop() }

  func beginEpoch(atBatch batch: Int, using generator: inout PhiloxGenerator) { step = batch }

  func next(_ context: Context<Scalar>) throws -> Samples<Scalar>? { try next() }

  func next() throws -> Samples<Scalar>? {
    if isFirstPending {
      isFirstPending = false
      step = 1
      return first
    }
    guard case .batch(let samples)? = try prefetcher.next() else {
      batchCount = step
      return nil
    }
    step += 1
    return samples
  }

  func goOn(atEpoch epoch: Int, batch: Int) throws {
    prefetcher.stop()
    isFirstPending = false
    try feed.goOn(atEpoch: epoch, batch: batch)
    prefetcher = Prefetcher { [feed] in try feed.next() }
  }

  func end() { prefetcher.stop() }
}

/// The data of an evaluation, batch by batch.
struct EvaluationBatches<Scalar: RealScalar> {
  /// The samples with which the model is checked.
  let first: Samples<Scalar>
  let visit: (_ body: (Samples<Scalar>) throws -> Void) throws -> Void

  init(_ samples: Samples<Scalar>, batchSize: Int) {
    first = samples
    visit = { body in
      for start in stride(from: 0, to: samples.count, by: batchSize) {
        try body(samples[start..<min(start + batchSize, samples.count)])
      }
    }
  }

  /// Creates one pass over a sequence that has begun.
  init(_ source: SequenceSource<Scalar>) {
    first = source.first
    visit = { body in
      defer { source.end() }
      while let samples = try source.next() { try body(samples) }
    }
  }

  /// Creates passes over a sequence, each with a new iterator.
  init(steps: Int?, _ feed: @escaping (SampleForm?) -> BatchFeed<Scalar>) throws {
    guard case .batch(let samples) = try feed(nil).next() else { throw TrainingError.noSamples(what: "the batches") }
    let form = SampleForm(samples)
    first = samples
    visit = { body in
      let source = try SequenceSource(feed(form), stepsPerEpoch: steps)
      defer { source.end() }
      while let samples = try source.next() { try body(samples) }
    }
  }
}
