public import Tensor

/// Reads the samples of `.npy` files as batches, in another order in every epoch, for data larger than memory.
///
/// ```swift
/// let batches = try NumPyBatches<Float>(
///   x: "Examples/digits/x_train.npy", y: "Examples/digits/y_train.npy", batchSize: 64, shuffleSeed: 1)
/// try model.fit(batches, epochs: 3, using: &generator)
/// ```
///
/// Files are in the format of `numpy.save`, with any element type that tensors can be read from. Inputs, weights and
/// real targets are converted to the model's type, integer targets to Int64.
///
/// To shuffle, files are split into blocks of adjacent rows. Blocks are read in a random order, and rows are mixed
/// within the blocks that are in memory together. Rows that are far apart in the files can meet in a batch, but less
/// often than in a completely random order: files that are sorted by class should be mixed once before they are
/// written. The order depends only on the seed and the number of the epoch.
public struct NumPyBatches<Scalar: RealScalar>: EpochSequence, Sendable {
  /// The number of samples in a batch; the last one of an epoch may have fewer.
  public let batchSize: Int
  /// The seed of the order of samples; without it, samples have the order of the files.
  public let shuffleSeed: UInt64?
  /// The number of adjacent rows in a block.
  public let blockSize: Int
  /// The number of blocks that are mixed with each other.
  public let mixedBlocks: Int
  /// The number of samples.
  public let sampleCount: Int

  private let inputs: [NumPyRows]
  private let targets: [NumPyRows]
  private let sampleWeights: [NumPyRows?]

  /// Creates batches for a model with one input and one output.
  /// - Parameters:
  ///   - x: the file of the inputs, [samples, …].
  ///   - y: the file of classes or values, one row for each sample.
  ///   - sampleWeights: the file of sample weights, [samples].
  ///   - batchSize: the number of samples in a batch; at least 1.
  ///   - shuffleSeed: the seed of the order of samples; without it, samples have the order of the files.
  ///   - blockSize: the number of adjacent rows that are read at once; at least 1.
  ///   - mixedBlocks: the number of blocks that are mixed with each other; at least 1.
  /// - Throws: `NumPyFileError` for files that are missing, damaged or in Fortran order; ``TrainingError`` if they have
  ///   different numbers of rows, or none. Iteration throws the errors of reading.
  /// - Complexity: only the headers are read. Iteration takes memory for `mixedBlocks` + 1 blocks and two batches.
  public init(
    x: String, y: String, sampleWeights: String? = nil, batchSize: Int = 32, shuffleSeed: UInt64? = nil,
    blockSize: Int = 256, mixedBlocks: Int = 8
  ) throws {
    try self.init(
      inputs: [x], targets: [y], sampleWeights: [sampleWeights], batchSize: batchSize, shuffleSeed: shuffleSeed,
      blockSize: blockSize, mixedBlocks: mixedBlocks)
  }

  /// Creates batches for a model with any number of inputs and outputs, from a file for each.
  public init(
    inputs: [String], targets: [String], sampleWeights: [String?] = [], batchSize: Int = 32,
    shuffleSeed: UInt64? = nil, blockSize: Int = 256, mixedBlocks: Int = 8
  ) throws {
    try requireArgument(batchSize >= 1, "batchSize", batchSize, "integers of at least 1")
    try requireArgument(blockSize >= 1, "blockSize", blockSize, "integers of at least 1")
    try requireArgument(mixedBlocks >= 1, "mixedBlocks", mixedBlocks, "integers of at least 1")
    self.inputs = try inputs.map { try NumPyRows($0) }
    self.targets = try targets.map { try NumPyRows($0) }
    self.sampleWeights = try sampleWeights.map { try $0.map { try NumPyRows($0) } }
    self.batchSize = batchSize
    self.shuffleSeed = shuffleSeed
    self.blockSize = blockSize
    self.mixedBlocks = mixedBlocks
    guard let first = self.inputs.first, first.count > 0 else {
      throw TrainingError.noSamples(what: inputs.first ?? "x")
    }
    sampleCount = first.count
    for file in self.inputs + self.targets + self.sampleWeights.compactMap({ $0 }) where file.count != sampleCount {
      throw TrainingError.sampleCount(what: "rows of \(file.path)", found: file.count, expected: sampleCount)
    }
  }

  public func makeIterator(epoch: Int) -> Iterator { Iterator(self, epoch: epoch) }

  /// Reads the batches of an epoch.
  public struct Iterator: IteratorProtocol {
    private let files: NumPyBatches
    private var generator: PhiloxGenerator?
    /// The remaining blocks, in order.
    private var blocks: [Int]
    /// The samples in memory, their order, and the number of those already used.
    private var rest: (samples: Samples<Scalar>, order: Tensor<Int64>?, start: Int)?
    private var hasFailed = false

    fileprivate init(_ files: NumPyBatches, epoch: Int) {
      self.files = files
      blocks = Array((0...(files.sampleCount - 1) / files.blockSize).reversed())
      if let seed = files.shuffleSeed {
        var generator = PhiloxGenerator(seed: seed, stream: UInt64(bitPattern: Int64(epoch)))
        blocks.shuffle(using: &generator)
        self.generator = generator
      }
    }

    /// Returns the next batch, or the error of reading it; nothing follows an error.
    public mutating func next() -> Result<Batch<Scalar>, any Error>? {
      if hasFailed { return nil }
      do {
        return try nextBatch().map { .success($0) }
      } catch {
        hasFailed = true
        return .failure(error)
      }
    }

    private mutating func nextBatch() throws -> Batch<Scalar>? {
      var parts: [Samples<Scalar>] = []
      var missing = files.batchSize
      while missing > 0 {
        if rest == nil {
          guard !blocks.isEmpty else { break }
          try readBlocks()
        }
        let part = takeRead(atMost: missing)
        missing -= part.count
        parts.append(part)
      }
      return parts.isEmpty ? nil : Batch(joining: parts)
    }

    private mutating func readBlocks() throws {
      let count = generator == nil ? 1 : Swift.min(files.mixedBlocks, blocks.count)
      let ranges = (0..<count).map { _ in
        let start = blocks.removeLast() * files.blockSize
        return start..<start + Swift.min(files.blockSize, files.sampleCount - start)
      }
      let samples = try files.samples(ranges)
      let order: Tensor<Int64>? = generator == nil ? nil : .permutation(samples.count, using: &generator!)
      rest = (samples, order, 0)
    }

    private mutating func takeRead(atMost limit: Int) -> Samples<Scalar> {
      let (samples, order, start) = rest!
      let range = start..<start + Swift.min(limit, samples.count - start)
      rest!.start = range.upperBound
      if range.upperBound == samples.count { rest = nil }
      return order.map { samples.taking($0[range]) } ?? samples[range]
    }
  }

  fileprivate func samples(_ ranges: [Range<Int>]) throws -> Samples<Scalar> {
    try Samples(
      inputs.map { try $0.reals(ranges) }, targets.map { try $0.target(ranges) },
      weights: sampleWeights.map { try $0?.reals(ranges) })
  }
}

extension Batch {
  fileprivate init(joining parts: [Samples<Scalar>]) {
    func joined<Element: TensorScalar>(_ tensors: [Tensor<Element>]) -> Tensor<Element> {
      tensors.count == 1 ? tensors[0] : .concatenated(tensors)
    }
    let first = parts[0]
    self.init(
      first.inputs.indices.map { index in joined(parts.map { $0.inputs[index] }) },
      first.targets.indices.map { index -> Target<Scalar> in
        switch first.targets[index] {
        case .reals: .reals(joined(parts.map { $0.targets[index].reals }))
        case .integers: .integers(joined(parts.compactMap { $0.targets[index].integers }))
        }
      },
      sampleWeights: first.allWeights.indices.map { index in
        first.allWeights[index] == nil ? nil : joined(parts.compactMap { $0.allWeights[index] })
      })
  }
}
