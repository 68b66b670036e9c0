/// The deviation of computed from exact results, and the rules that they break.
struct Tally: Codable, Hashable, Sendable {
  private(set) var results = 0
  /// The largest error, in units of the spacing of numbers at the exact result.
  private(set) var largestError = 0.0
  /// The sample with the largest error.
  private(set) var worst: Sample?
  private(set) var notCorrectlyRounded = 0
  private(set) var broken: [Rule: Occurrences] = [:]

  struct Occurrences: Codable, Hashable, Sendable {
    var count = 0
    let first: Sample
  }

  /// The rules in addition to the bound of the error.
  enum Rule: String, Codable, CodingKeyRepresentable, CaseIterable {
    case keepsNaN = "NaN gives NaN"
    case makesNoNaN = "nothing else gives NaN"
    case overflows = "what rounds to an infinity is one"
    case overflowsOnlyThen = "nothing else is infinite"
    case underflowsWithSign = "what underflows keeps its sign"
  }

  mutating func add(results: Int, notCorrectlyRounded: Int) {
    self.results += results
    self.notCorrectlyRounded += notCorrectlyRounded
  }

  mutating func note(error: Double, _ sample: Sample) {
    if let worst, error < largestError || error == largestError && !sample.comesBefore(worst) { return }
    largestError = error
    worst = sample
  }

  mutating func note(broken rule: Rule, _ sample: Sample) {
    broken[rule, default: Occurrences(first: sample)].count += 1
  }

  mutating func merge(_ other: Tally) {
    results += other.results
    notCorrectlyRounded += other.notCorrectlyRounded
    if let sample = other.worst { note(error: other.largestError, sample) }
    broken.merge(other.broken) { a, b in
      Occurrences(count: a.count + b.count, first: b.first.comesBefore(a.first) ? b.first : a.first)
    }
  }

  func isWithin(_ bound: Double) -> Bool { largestError <= bound && broken.isEmpty }
}

/// One input with its exact and its computed result. Doubles represent Floats exactly.
struct Sample: Sendable {
  let input: Double
  let exact: Double
  let computed: Double

  /// Compared by bits, so that the sample shown does not depend on which core was first.
  func comesBefore(_ other: Sample) -> Bool { input.bitPattern < other.input.bitPattern }
}

/// NaN equals NaN, but 0 does not equal -0.
extension Sample: Hashable {
  private var bits: [UInt64] {
    [input, exact, computed].map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
  }
  static func == (a: Sample, b: Sample) -> Bool { a.bits == b.bits }
  func hash(into hasher: inout Hasher) { hasher.combine(bits) }
}

/// As bits: JSON has neither infinities nor NaN.
extension Sample: Codable {
  init(from decoder: any Decoder) throws {
    var numbers = try decoder.unkeyedContainer()
    input = Double(bitPattern: try numbers.decode(UInt64.self))
    exact = Double(bitPattern: try numbers.decode(UInt64.self))
    computed = Double(bitPattern: try numbers.decode(UInt64.self))
  }

  func encode(to encoder: any Encoder) throws {
    var numbers = encoder.unkeyedContainer()
    for number in [input, exact, computed] { try numbers.encode(number.bitPattern) }
  }
}
