import CKernels
import Foundation
import Tensor
import TestSupport
import Testing

private let seed: UInt64 = 0x0123_4567_89AB_CDEF
private let stream: UInt64 = 0xFEDC_BA98_7654_3210
private var generator: PhiloxGenerator { PhiloxGenerator(seed: seed, stream: stream) }

private struct RandomFixture: Decodable {
  let uniformFloat, uniformDouble, normalFloat, normalDouble, truncatedFloat, truncatedDouble: [Double]
  let bernoulli: [Bool]
  let dice, narrow, permutation: [Int64]
  let wide: [String]
}

/// The largest distance between the distribution of the samples and a cumulative distribution function.
private func kolmogorovDistance(_ samples: [Double], _ cumulative: (Double) -> Double) -> Double {
  let sorted = samples.sorted()
  let count = Double(sorted.count)
  return sorted.enumerated().reduce(0) { distance, sample in
    let expected = cumulative(sample.element)
    let below = Double(sample.offset) / count
    return max(distance, abs(expected - below), abs(below + 1 / count - expected))
  }
}

private func normalCumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

private func moments(_ samples: [Double]) -> (mean: Double, variance: Double, skewness: Double, kurtosis: Double) {
  let count = Double(samples.count)
  let mean = samples.reduce(0, +) / count
  func central(_ power: Double) -> Double { samples.reduce(0) { $0 + pow($1 - mean, power) } / count }
  let variance = central(2)
  return (mean, variance, central(3) / pow(variance, 1.5), central(4) / (variance * variance))
}

@Suite struct RandomGeneratorTests {
  @Test func knownAnswers() {
    #expect(
      PhiloxGenerator.block(counter: [0, 0, 0, 0], key: [0, 0]) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    #expect(
      PhiloxGenerator.block(counter: [.max, .max, .max, .max], key: [.max, .max])
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      PhiloxGenerator.block(
        counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], key: [0xA409_3822, 0x299F_31D0])
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  @Test func givesTheBlocksOfItsStream() {
    var generator = generator
    for index in 0..<100 as Range<UInt64> {
      let block = PhiloxGenerator.block(
        counter: [UInt32(index), 0, UInt32(truncatingIfNeeded: stream), UInt32(stream >> 32)],
        key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
      #expect(generator.next() == UInt64(block[1]) << 32 | UInt64(block[0]))
      #expect(generator.next() == UInt64(block[3]) << 32 | UInt64(block[2]))
    }
  }

  @Test func isAValue() {
    var first = generator
    _ = first.next()
    var second = first
    #expect(first == second)
    #expect((0..<10).map { _ in first.next() } == (0..<10).map { _ in second.next() })
    #expect(first == second)
    _ = first.next()
    #expect(first != second)
  }

  @Test func streamsAndPartsAreIndependent() {
    var parent = generator
    var generators = [generator, PhiloxGenerator(seed: seed, stream: 1), PhiloxGenerator(seed: 1, stream: stream)]
    generators += parent.split(into: 3) + [parent]
    let samples = (0..<generators.count).map { Tensor<Double>.normal([10_000], using: &generators[$0]) }
    for (i, first) in samples.enumerated() {
      for second in samples[..<i] { #expect(abs((first * second).mean().scalar) < 0.04) }
    }
    #expect(PhiloxGenerator() != PhiloxGenerator())
  }

  @Test func servesTheStandardLibrary() {
    var generator = generator
    let rolls = (0..<6000).map { _ in Int.random(in: 1...6, using: &generator) }
    for side in 1...6 { #expect(abs(rolls.count { $0 == side } - 1000) < 150) }
  }
}

@Suite struct RandomTensorsTests {
  @Test func agreesWithTheReference() throws {
    let fixture = try jsonFixture("random", as: RandomFixture.self)
    func first<Scalar>(_ make: (inout PhiloxGenerator) -> Tensor<Scalar>) -> [Scalar] {
      var generator = generator
      return make(&generator).scalars
    }
    #expect(first { Tensor<Float>.uniform([100], using: &$0) }.map(Double.init) == fixture.uniformFloat)
    #expect(first { Tensor<Double>.uniform([10, 10], using: &$0) } == fixture.uniformDouble)
    func expectClose<Scalar: RealScalar>(_ samples: [Scalar], _ expected: [Double], _ tolerance: Double) {
      #expect(samples.count == expected.count)
      for (sample, expected) in zip(samples, expected) {
        #expect(abs(Double(sample) - expected) <= tolerance * max(abs(expected), 1e-3), "\(sample) \(expected)")
      }
    }
    expectClose(first { Tensor<Float>.normal([100], using: &$0) }, fixture.normalFloat, 4e-7)
    expectClose(first { Tensor<Double>.normal([100], using: &$0) }, fixture.normalDouble, 1e-15)
    expectClose(first { Tensor<Float>.truncatedNormal([100], using: &$0) }, fixture.truncatedFloat, 4e-7)
    expectClose(first { Tensor<Double>.truncatedNormal([100], using: &$0) }, fixture.truncatedDouble, 1e-15)
    #expect(first { Tensor<Bool>.bernoulli([100], probability: 0.3, using: &$0) } == fixture.bernoulli)
    #expect(first { Tensor<Int64>.integers([100], in: 1...6, using: &$0) } == fixture.dice)
    #expect(first { Tensor<Int32>.integers([100], in: 1..<7, using: &$0) }.map(Int64.init) == fixture.dice)
    #expect(first { Tensor<UInt8>.integers([100], in: 1...6, using: &$0) }.map(Int64.init) == fixture.dice)
    #expect(first { Tensor<Int64>.integers([100], in: -5..<2_999_999_995, using: &$0) } == fixture.narrow)
    let quarter: Int64 = 1 << 61
    let wide = first { Tensor<Int64>.integers([100], in: (-3 * quarter)...(3 * quarter - 1), using: &$0) }
    #expect(wide.map(String.init) == fixture.wide)
    #expect(first { Tensor<Int64>.permutation(100, using: &$0) } == fixture.permutation)
  }

  /// The reference's logarithms may differ in the last bit; these are the bits that every platform gives.
  @Test func normalsHaveTheseBits() {
    var generator = generator
    let floats = Tensor<Float>.normal([4], using: &generator).scalars.map(\.bitPattern)
    let doubles = Tensor<Double>.normal([4], using: &generator).scalars.map(\.bitPattern)
    #expect(floats == [1_062_827_969, 3_179_384_968, 3_184_382_094, 1_062_553_860])
    #expect(
      doubles == [
        13_823_995_184_610_937_766, 13_831_743_105_572_336_201, 13_830_724_396_472_359_554, 4_608_005_628_377_806_058,
      ])
  }

  @Test func everyInstructionSetGivesTheSameBits() {
    let cases: [(ck_distribution, ck_type, Int)] = [
      (ck_random_words, ck_int32, 4), (ck_random_words, ck_int64, 8), (ck_uniform, ck_float32, 4),
      (ck_uniform, ck_float64, 8), (ck_normal, ck_float32, 4), (ck_normal, ck_float64, 8), (ck_bernoulli, ck_bool, 1),
    ]
    let position = ck_random_position(key: 3, stream: 5, block: (1 << 32) - 7)
    for (distribution, type, width) in cases {
      for count in [0, 1, 31, 32, 33, 63, 64, 65, 1000] {
        var results: [[UInt8]] = []
        while let kernels = ck_kernels_supported(Int32(results.count)) {
          var bytes = [UInt8](repeating: 0xAA, count: count * width + 16)
          let used = ck_random(
            kernels, distribution, type, &bytes, count, position, ck_parameters(a: 0.25, b: 0.5, c: 0.7))
          #expect(used % 16 == 0 && used * 16 >= count * width)
          #expect(bytes.suffix(16).allSatisfy { $0 == 0xAA })
          results.append(bytes)
        }
        #expect(results.allSatisfy { $0 == results[0] })
      }
    }
  }

  @Test func tensorsFollowEachOther() {
    var generator = generator
    let first = Tensor<Float>.uniform([1000], using: &generator)
    let second = Tensor<Float>.uniform([1000], using: &generator)
    #expect(Set(first.scalars).intersection(second.scalars).count < 3)
    var again = PhiloxGenerator(seed: seed, stream: stream)
    #expect(Tensor<Float>.uniform([1000], using: &again).scalars == first.scalars)
  }

  @Test func uniformsAreUniform() {
    var generator = generator
    let floats = Tensor<Float>.uniform([100_000], in: -3..<5, using: &generator).scalars.map(Double.init)
    let doubles = Tensor<Double>.uniform([100_000], in: -3..<5, using: &generator).scalars
    for samples in [floats, doubles] {
      #expect(samples.allSatisfy { (-3..<5).contains($0) })
      #expect(kolmogorovDistance(samples) { ($0 + 3) / 8 } < 1.63 / 100_000.0.squareRoot())
      let (mean, variance, _, kurtosis) = moments(samples)
      #expect(abs(mean - 1) < 0.03 && abs(variance - 64.0 / 12) < 0.05 && abs(kurtosis - 1.8) < 0.02)
    }
  }

  @Test func uniformsStayBelowTheEnd() {
    var generator = generator
    let next = Float(1).nextUp
    let narrow = Tensor<Float>.uniform([10_000], in: 1..<next, using: &generator)
    #expect(narrow.scalars.allSatisfy { $0 == 1 })
    let far = Tensor<Float>.uniform([10_000], in: 16_777_216..<16_777_220, using: &generator)
    #expect(Set(far.scalars) == [16_777_216, 16_777_218])
    let doubles = Tensor<Double>.uniform([10_000], in: 1..<1.0.nextUp.nextUp, using: &generator)
    #expect(Set(doubles.scalars) == [1, 1.0.nextUp])
  }

  @Test func normalsAreNormal() {
    var generator = generator
    let floats = Tensor<Float>.normal([200_000], mean: 2, standardDeviation: 3, using: &generator)
    let doubles = Tensor<Double>.normal([200_000], mean: 2, standardDeviation: 3, using: &generator)
    for samples in [floats.scalars.map(Double.init), doubles.scalars] {
      #expect(kolmogorovDistance(samples) { normalCumulative(($0 - 2) / 3) } < 1.63 / 200_000.0.squareRoot())
      let (mean, variance, skewness, kurtosis) = moments(samples)
      #expect(abs(mean - 2) < 0.025 && abs(variance - 9) < 0.1 && abs(skewness) < 0.02 && abs(kurtosis - 3) < 0.04)
      // The two numbers of a pair, and neighbours.
      for distance in [1, 8, 16] {
        let product = zip(samples, samples.dropFirst(distance)).reduce(0) { $0 + ($1.0 - 2) * ($1.1 - 2) } / 9
        #expect(abs(product / Double(samples.count)) < 0.01)
      }
    }
    #expect(Tensor<Float>.normal([70], mean: 4, standardDeviation: 0, using: &generator).scalars.allSatisfy { $0 == 4 })
  }

  @Test func normalsHaveTails() {
    var generator = generator
    let samples = Tensor<Float>.normal([4_000_000], using: &generator).absolute()
    for (limit, expected) in [(3, 10_799.2), (4, 253.4), (4.5, 27.2)] as [(Float, Double)] {
      let found = Double((samples .> limit).countTrue().scalar)
      #expect(abs(found - expected) < 4 * expected.squareRoot(), "beyond \(limit)")
    }
    #expect(samples.max().scalar < 6.7)
  }

  @Test func truncatedNormalsAreTruncated() {
    var generator = generator
    let floats = Tensor<Float>.truncatedNormal([100_000], mean: 1, standardDeviation: 2, using: &generator)
    let doubles = Tensor<Double>.truncatedNormal([100_000], mean: 1, standardDeviation: 2, using: &generator)
    let tail = normalCumulative(-2)
    for samples in [floats.scalars.map(Double.init), doubles.scalars] {
      #expect(samples.allSatisfy { abs($0 - 1) <= 4 })
      let distance = kolmogorovDistance(samples) { (normalCumulative(($0 - 1) / 2) - tail) / (1 - 2 * tail) }
      #expect(distance < 1.63 / 100_000.0.squareRoot())
      #expect(abs(moments(samples).variance.squareRoot() / 2 - 0.8796) < 0.005)
    }
  }

  @Test func bernoulliHasItsProbability() {
    var generator = generator
    #expect(Tensor<Bool>.bernoulli([1000], probability: 0, using: &generator).any().scalar == false)
    #expect(Tensor<Bool>.bernoulli([1000], probability: 1, using: &generator).all().scalar)
    for probability in [0.01, 0.5, 0.9] {
      let count = Tensor<Bool>.bernoulli([100, 1000], probability: probability, using: &generator).countTrue().scalar
      let deviation = (100_000 * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(count) - 100_000 * probability) < 4 * deviation)
    }
  }

  @Test func integersAreUniform() {
    var generator = generator
    let rolls = Tensor<UInt8>.integers([60_000], in: 0...5, using: &generator).scalars
    for side in 0...5 as ClosedRange<UInt8> { #expect(abs(rolls.count { $0 == side } - 10_000) < 400) }
    #expect(Tensor<Int32>.integers([100], in: 7...7, using: &generator).scalars.allSatisfy { $0 == 7 })
    let bytes = Tensor<UInt8>.integers([10_000], in: 0 ... .max, using: &generator).scalars
    #expect(Set(bytes).count == 256)
    let all = Tensor<Int64>.integers([10_000], in: .min ... .max, using: &generator).scalars
    #expect(abs(all.count { $0 < 0 } - 5000) < 250)
    let words = Tensor<Int32>.integers([10_000], in: .min ... .max, using: &generator).scalars
    #expect(abs(words.count { $0 < 0 } - 5000) < 250)
  }

  @Test func permutationsHoldEveryNumber() {
    var generator = generator
    for count in [0, 1, 2, 33, 2000] {
      let permutation = Tensor<Int64>.permutation(count, using: &generator)
      #expect(permutation.scalars.sorted() == (0..<Int64(count)).map { $0 })
    }
    var counts: [[Int64]: Int] = [:]
    for _ in 0..<6000 { counts[Tensor<Int64>.permutation(3, using: &generator).scalars, default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 130 })
  }

  @Test func shufflingKeepsRows() {
    var generator = generator
    let x = Tensor<Int64>(shape: [50, 3], scalars: 0..<150)
    let rows = x.shuffled(using: &generator)
    #expect(rows.scalars != x.scalars)
    #expect(Set(rows.rows.map(\.scalars)) == Set(x.rows.map(\.scalars)))
    var columns = x.transposed
    columns.shuffle(axis: -1, using: &generator)
    #expect(columns.shape == [3, 50])
    #expect(Set(columns.transposed.rows.map(\.scalars)) == Set(x.rows.map(\.scalars)))
  }

  @Test func mistakesTrap() async {
    await expectMessage(
      "uniform numbers take a range of finite width above 0, not 1.0..<1.0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        _ = Tensor<Float>.uniform([2], in: 1..<1, using: &generator)
      })
    await expectMessage(
      "a normal distribution takes a finite mean and a finite standard deviation of at least 0, not 0.0 and",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        _ = Tensor<Float>.normal([2], standardDeviation: -1, using: &generator)
      })
    await expectMessage(
      "a probability lies in 0...1, unlike 1.5",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        _ = Tensor<Bool>.bernoulli([2], probability: 1.5, using: &generator)
      })
    await expectMessage(
      "random integers take a range that is not empty, unlike 3..<3",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var generator = PhiloxGenerator(seed: 1)
        _ = Tensor<Int64>.integers([2], in: 3..<3, using: &generator)
      })
  }
}
