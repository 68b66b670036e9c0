internal import CKernels

/// A seeded source of random numbers: Philox 4x32-10, which encrypts a counter.
///
/// ```swift
/// var generator = PhiloxGenerator(seed: 42)
/// let weights = Tensor<Float>.normal([784, 10], using: &generator)
/// let die = Int.random(in: 1...6, using: &generator)
/// ```
///
/// Who draws numbers takes the generator along: Swift 6 does not let functions use a variable of `main.swift`, and a global
/// one would give other numbers whenever somebody else draws.
///
/// ```swift
/// func initialWeights(using generator: inout PhiloxGenerator) -> Tensor<Float> {
///   .normal([64, 10], standardDeviation: 0.1, using: &generator)
/// }
/// ```
///
/// The same seed gives the same numbers, to the last bit, on every platform, instruction set and number of threads. The
/// generator is a value: a copy repeats what the original goes on to give, and one that has been encoded and decoded does too.
/// Nothing is shared and there is no global seed.
///
/// A seed has 2⁶⁴ streams of 2⁶⁶ words of 32 bits. Number `stream: i` for the i-th worker, or `split()` a generator
/// off where no numbers are at hand. Not for cryptography.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. The key is the seed, lower
/// half first; the counter's lower half counts blocks of four words, its upper half is the stream.
public struct PhiloxGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
  /// The key of the cipher.
  public let seed: UInt64
  /// Which of the seed's independent sequences this is.
  public let stream: UInt64
  /// The next block.
  private var block: UInt64 = 0
  /// The second half of the block before, where that has not been given out.
  private var pending: UInt64?

  /// The beginning of a sequence. The same seed and stream give the same numbers on every platform.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// A generator that nobody has used before, seeded by the system. Its `seed` tells how to repeat it.
  public init() {
    self.init(seed: .random(in: 0 ... .max))
  }

  /// 64 random bits: a block's first two words, then its last two, the lower half first.
  public mutating func next() -> UInt64 {
    if let number = pending {
      pending = nil
      return number
    }
    let (first, second) = nextBlock()
    pending = second
    return first
  }

  /// A generator that is independent of this one: its seed and stream are 128 bits that this one gives.
  public mutating func split() -> PhiloxGenerator {
    let (seed, stream) = nextBlock()
    return PhiloxGenerator(seed: seed, stream: stream)
  }

  /// Several generators, independent of this one and of each other.
  public mutating func split(into count: Int) -> [PhiloxGenerator] {
    require(count >= 0, "a generator cannot be split into \(count) generators")
    return (0..<count).map { _ in split() }
  }

  private mutating func nextBlock() -> (UInt64, UInt64) {
    var words: (UInt64, UInt64) = (0, 0)
    ck_random_block(ck_random_position(key: seed, stream: stream, block: block), &words.0, &words.1)
    block &+= 1
    return words
  }

  /// The block of four words for a counter of four words and a key of two, lowest first.
  package static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    require(counter.count == 4 && key.count == 2, "Philox 4x32 takes a counter of 4 words and a key of 2")
    return [UInt32](unsafeUninitializedCapacity: 4) { words, count in
      ck_philox(words.baseAddress!, counter, key)
      count = 4
    }
  }

  /// A tensor filled from whole blocks; `fill` says how many it took.
  mutating func filled<Scalar>(
    _ shape: [Int], _ fill: (inout Destination<Scalar>, ck_random_position) -> UInt64
  ) -> Tensor<Scalar> {
    .making(shape) {
      block &+= fill(&$0, ck_random_position(key: seed, stream: stream, block: block))
      pending = nil
    }
  }
}
