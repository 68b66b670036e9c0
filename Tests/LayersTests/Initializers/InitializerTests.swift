import Activations
import Foundation
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct InitializerTests {
  static func draw(_ initializer: Initializer<Double>, _ shape: [Int], seed: UInt64 = 1) -> Tensor<Double> {
    var generator = PhiloxGenerator(seed: seed)
    return initializer(shape, using: &generator)
  }

  /// The largest distance between the distribution of the samples and a cumulative distribution function.
  static func kolmogorovDistance(_ samples: [Double], _ cumulative: (Double) -> Double) -> Double {
    let count = Double(samples.count)
    var distance = 0.0
    for (index, sample) in samples.sorted().enumerated() {
      let expected = cumulative(sample)
      distance = max(distance, expected - Double(index) / count, Double(index + 1) / count - expected)
    }
    return distance
  }

  static func normalCumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// Of a standard normal distribution within ±2.
  static func truncatedCumulative(_ x: Double) -> Double {
    let below = normalCumulative(-2)
    return (normalCumulative(min(max(x, -2), 2)) - below) / (1 - 2 * below)
  }

  struct Case: Sendable {
    let initializer: Initializer<Double>
    let shape: [Int]
    let variance: Double
    let form: Form

    enum Form { case uniform, normal, truncated }
  }

  /// What is drawn for a kernel of 300 inputs and 100 outputs; where fans are counted otherwise, other shapes.
  static let cases = [
    Case(initializer: .glorotUniform, shape: [300, 100], variance: 2 / 400, form: .uniform),
    Case(initializer: .glorotNormal, shape: [300, 100], variance: 2 / 400, form: .truncated),
    Case(initializer: .heUniform, shape: [300, 100], variance: 2 / 300, form: .uniform),
    Case(initializer: .heNormal, shape: [300, 100], variance: 2 / 300, form: .truncated),
    Case(initializer: .lecunUniform, shape: [300, 100], variance: 1 / 300, form: .uniform),
    Case(initializer: .lecunNormal, shape: [300, 100], variance: 1 / 300, form: .truncated),
    Case(
      initializer: .varianceScaling(scale: 3, mode: .fanOut, distribution: .normal), shape: [300, 100],
      variance: 3 / 100, form: .normal),
    Case(
      initializer: .varianceScaling(mode: .fanAverage, distribution: .uniform), shape: [2, 3, 50, 100],
      variance: 1 / (6 * 75), form: .uniform),
    Case(
      initializer: .varianceScaling(inputAxes: [0, -2], outputAxes: [2]), shape: [20, 30, 50], variance: 1 / 600,
      form: .truncated),
    Case(initializer: .lecunNormal, shape: [30000], variance: 1 / 30000, form: .truncated),
    Case(initializer: .randomNormal(), shape: [30000], variance: 0.0025, form: .normal),
    Case(initializer: .randomUniform(), shape: [30000], variance: 0.01 / 12, form: .uniform),
    Case(
      initializer: .truncatedNormal(standardDeviation: 2), shape: [30000],
      variance: pow(2 * 0.87962566103423978, 2), form: .truncated),
  ]

  @Test(arguments: cases.indices) func `moments, bounds and distributions`(index: Int) {
    let expected = Self.cases[index]
    let samples = Self.draw(expected.initializer, expected.shape, seed: UInt64(index)).scalars
    let deviation = expected.variance.squareRoot()
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    let variance = samples.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(mean) < 4 * deviation / count.squareRoot())
    #expect(abs(variance / expected.variance - 1) < 0.03)
    let distance: Double
    switch expected.form {
    case .uniform:
      let limit = 3.0.squareRoot() * deviation
      #expect(samples.allSatisfy { abs($0) <= limit })
      distance = Self.kolmogorovDistance(samples) { ($0 / limit + 1) / 2 }
    case .normal:
      distance = Self.kolmogorovDistance(samples) { Self.normalCumulative($0 / deviation) }
    case .truncated:
      let untruncated = deviation / 0.87962566103423978
      #expect(samples.allSatisfy { abs($0) <= 2 * untruncated })
      distance = Self.kolmogorovDistance(samples) { Self.truncatedCumulative($0 / untruncated) }
    }
    // Exceeded by one sample of true randomness in a thousand.
    #expect(distance < 1.95 / count.squareRoot())
  }

  @Test func `fans of small shapes are exact`() {
    func limit(_ shape: [Int]) -> Double {
      Self.draw(.varianceScaling(distribution: .uniform), shape + [1, 1]).absolute().max().scalar
    }
    // A scalar has one input, an empty axis counts as one.
    #expect(Self.draw(.heNormal, []).shape == [])
    #expect(Self.draw(.heNormal, [0, 3]).shape == [0, 3])
    #expect(limit([]) <= 3.0.squareRoot())
    #expect(limit([4, 5]) <= (3.0 / 20).squareRoot())
  }

  @Test(arguments: [[5, 5], [8, 3], [3, 8], [2, 3, 4], [2, 2, 9], [1, 1]])
  func `orthogonal rows or columns`(shape: [Int]) {
    let columns = shape.last!
    let matrix = Self.draw(.orthogonal(gain: 2), shape).reshaped([-1, columns])
    let rows = matrix.shape[0]
    let product = rows < columns ? matrix.matmul(matrix.transposed) : matrix.transposed.matmul(matrix)
    let difference = product - 4 * Tensor<Double>.identity(min(rows, columns))
    #expect(difference.absolute().max().scalar < 1e-13)
  }

  @Test func `orthogonal matrices are uniformly distributed`() {
    // The first element of a uniform 2 x 2 one is the cosine of a uniform angle.
    let samples = (0..<2000).map { Self.draw(.orthogonal, [2, 2], seed: $0).scalars[0] }
    let distance = Self.kolmogorovDistance(samples) { 1 - acos(min(max($0, -1), 1)) / .pi }
    #expect(distance < 1.95 / 2000.0.squareRoot())
  }

  @Test func `constants`() {
    #expect(Self.draw(.zeros, [2]).scalars == [0, 0])
    #expect(Self.draw(.ones, [2]).scalars == [1, 1])
    #expect(Self.draw(.constant(0.5), [1, 2]).scalars == [0.5, 0.5])
    #expect(Self.draw(.identity(gain: 3), [2, 3]) == [[3, 0, 0], [0, 3, 0]])
    #expect(Self.draw(.values([1, 2]), [2]).scalars == [1, 2])
    #expect(Self.draw(.randomUniform(in: 1..<1), [2]).scalars == [1, 1])
    #expect(Self.draw(.randomNormal(mean: 2, standardDeviation: 0), [2]).scalars == [2, 2])
    #expect(Self.draw(.custom("two") { shape, _ in .filled(shape, with: 2) }, [2]).scalars == [2, 2])
  }

  @Test func `the same seed gives the same numbers, and the generator goes on`() {
    #expect(Self.draw(.heNormal, [4, 4]) == Self.draw(.heNormal, [4, 4]))
    #expect(Self.draw(.heNormal, [4, 4]) != Self.draw(.heNormal, [4, 4], seed: 2))
    var generator = PhiloxGenerator(seed: 1)
    let initializer = Initializer<Double>.glorotUniform
    #expect(initializer([3, 3], using: &generator) != initializer([3, 3], using: &generator))
  }

  @Test func `names of Keras stand for its initializers`() throws {
    let named: [(String, Initializer<Float>)] = [
      ("glorot_uniform", .glorotUniform), ("GlorotNormal", .glorotNormal), ("he_uniform", .heUniform),
      ("HeNormal", .heNormal), ("lecun_uniform", .lecunUniform), ("lecun_normal", .lecunNormal), ("zeros", .zeros),
      ("zero", .zeros), ("Ones", .ones), ("one", .ones), ("normal", .randomNormal()), ("uniform", .randomUniform()),
      ("truncated_normal", .truncatedNormal()), ("orthogonal", .orthogonal), ("OrthogonalInitializer", .orthogonal),
      ("IdentityInitializer", .identity), ("constant", .constant()), ("variance_scaling", .varianceScaling()),
    ]
    for (name, initializer) in named {
      #expect(try Initializer<Float>(named: name) == initializer)
      #expect(try Initializer<Float>(configuration: initializer.configuration) == initializer)
      #expect(Initializer<Float>.names.contains(name))
    }
    let literal: Initializer<Float> = "he_normal"
    #expect(literal == .heNormal && literal.name == "HeNormal")
  }

  @Test func `configurations of Keras are read`() throws {
    let glorot: Configuration = [
      "module": "keras.initializers", "class_name": "GlorotUniform", "config": ["seed": nil], "registered_name": nil,
    ]
    #expect(try Initializer<Float>(configuration: glorot) == .glorotUniform)
    let scaling: Configuration = [
      "class_name": "VarianceScaling",
      "config": ["scale": 2, "mode": "fan_avg", "distribution": "normal", "seed": 3],
    ]
    #expect(try Initializer<Float>(configuration: scaling) == .varianceScaling(scale: 2, mode: .fanAverage))
    let error = #expect(throws: ConfigurationError.self) { try Initializer<Float>(configuration: [1, 2]) }
    #expect("\(error!)" == "[1, 2] is no initializer; expected: a name, or an object with class_name and config")
  }

  static let mistakes: [(name: String, parameters: [String: Configuration], text: String)] = [
    ("he_norml", [:], "no initializer is called \"he_norml\"; did you mean he_normal or HeNormal? There are "),
    ("constant", ["valu": 1], "Constant has no parameter valu; it has value"),
    ("zeros", ["value": 1], "Zeros has no parameter value; it has none"),
    ("normal", ["stddev": -1], "RandomNormal: stddev is -1; allowed: finite numbers of at least 0"),
    ("uniform", ["minval": 1], "RandomUniform: minval is 1.0; allowed: numbers up to maxval, which is 0.05"),
    ("variance_scaling", ["scale": 0], "VarianceScaling: scale is 0; allowed: finite numbers above 0"),
    ("variance_scaling", ["mode": "fan"], "VarianceScaling: mode is \"fan\"; allowed: fan_in, fan_out, fan_avg"),
    (
      "he_normal", ["input_axes": "all"],
      "HeNormal: input_axes is \"all\"; allowed: integers and lists of integers"
    ),
  ]

  @Test(arguments: mistakes.indices) func `mistakes are told`(index: Int) {
    let mistake = Self.mistakes[index]
    let error = #expect(throws: ConfigurationError.self) {
      try Initializer<Float>(named: mistake.name, parameters: mistake.parameters)
    }
    #expect(error.map { "\($0)".hasPrefix(mistake.text) } == true, "\(error as Any)")
  }

  @Test func `mistakes in source code stop the program`() async {
    await expectMessage(
      "Constant: value is nan; allowed: finite numbers",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Initializer<Float>.constant(.nan) })
    await expectMessage(
      #"no initializer is called "hee""#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        let initializer: Initializer<Float> = "hee"
        _ = initializer
      })
    await expectMessage(
      "orthogonal: a weight of the shape [3]; allowed: shapes of rank 2 or more",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = InitializerTests.draw(.orthogonal, [3]) })
    await expectMessage(
      "identity: a weight of the shape [3]; allowed: shapes of rank 2",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = InitializerTests.draw(.identity, [3]) })
    await expectMessage(
      "an initializer with values of the shape [2] for a weight of [3]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = InitializerTests.draw(.values([1, 2]), [3])
      })
    await expectMessage(
      "VarianceScaling: axis 2 of a weight of the shape [3, 3]; allowed: -2 to 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = InitializerTests.draw(.varianceScaling(inputAxes: [2], outputAxes: [0]), [3, 3])
      })
  }
}
