import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

private struct PenaltyFixture: Decodable {
  let regularizers: [Penalty]
  let constraints: [Limit]

  struct Penalty: Decodable {
    let configuration: Configuration
    let x: TensorFixture
    let penalty: Double
    let gradient: TensorFixture
  }

  struct Limit: Decodable {
    let configuration: Configuration
    let x, result: TensorFixture
  }

  static let fixture: PenaltyFixture = try! jsonFixture("penalties")
}

@Suite struct RegularizerTests {
  @Test(arguments: 0..<PenaltyFixture.fixture.regularizers.count)
  func `penalties and gradients are those of Keras`(index: Int) throws {
    let fixture = PenaltyFixture.fixture.regularizers[index]
    let regularizer = try Regularizer<Double>(configuration: fixture.configuration)
    let x = fixture.x.tensor
    #expect(abs(regularizer.penalty(of: x) - fixture.penalty) < 1e-14 * max(1, fixture.penalty))
    var gradient = Tensor<Double>.zeros(x.shape)
    regularizer.addGradient(of: x, to: &gradient)
    #expect(gradient.distance(from: fixture.gradient.tensor) < 1e-12, "\(regularizer.name)")
    regularizer.addGradient(of: x, to: &gradient, scaledBy: 2)
    #expect(gradient.distance(from: 3 * fixture.gradient.tensor) < 1e-12, "\(regularizer.name)")
    #expect(try Regularizer<Double>(configuration: regularizer.configuration) == regularizer)
  }

  @Test func `the gradient of orthogonality agrees with differences`() {
    var generator = PhiloxGenerator(seed: 1)
    let x = Tensor<Double>.normal([3, 5], using: &generator)
    for mode in OrthogonalRegularizerMode.allCases {
      let regularizer = Regularizer<Double>.orthogonal(factor: 2, mode: mode)
      var gradient = Tensor<Double>.zeros(x.shape)
      regularizer.addGradient(of: x, to: &gradient)
      for row in 0..<3 {
        for column in 0..<5 {
          var (above, below) = (x, x)
          above[at: row, column] += 1e-5
          below[at: row, column] -= 1e-5
          let difference = (regularizer.penalty(of: above) - regularizer.penalty(of: below)) / 2e-5
          #expect(abs(gradient[at: row, column] - difference) < 1e-8)
        }
      }
    }
  }

  @Test func `one row is orthogonal`() {
    let regularizer = Regularizer<Float>.orthogonal()
    var gradient = Tensor<Float>.zeros([1, 3])
    regularizer.addGradient(of: [[1, 2, 3]], to: &gradient)
    #expect(regularizer.penalty(of: [[1, 2, 3]]) == 0 && gradient.scalars == [0, 0, 0])
  }

  @Test func `names, literals and custom functions`() throws {
    let regularizer: Regularizer<Float> = "l2"
    #expect(regularizer == .l2(0.01) && regularizer != .l1(0.01))
    #expect(try Regularizer<Float>(named: "L1L2", parameters: ["l1": 0.5]) == .l1l2(l1: 0.5))
    let custom = Regularizer<Float>.custom("sum", penalty: { Double($0.sum().scalar) }, gradient: { .ones($0.shape) })
    var gradient = Tensor<Float>([1, 1])
    custom.addGradient(of: [2, 3], to: &gradient, scaledBy: 0.5)
    #expect(custom.penalty(of: [2, 3]) == 5 && gradient.scalars == [1.5, 1.5])
    let unknown = #expect(throws: ConfigurationError.self) { try Regularizer<Float>(named: "l3") }
    #expect("\(unknown!)".hasPrefix("no regularizer is called \"l3\"; did you mean L1, L2 or l1?"))
    let negative = #expect(throws: ConfigurationError.self) {
      try Regularizer<Float>(named: "l2", parameters: ["l2": -1])
    }
    #expect("\(negative!)" == "L2: l2 is -1; allowed: finite numbers of at least 0")
  }

  @Test func `a wrong factor or shape stops the program`() async {
    await expectMessage(
      "L1: l1 is -1.0; allowed: finite numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Regularizer<Float>.l1(-1) })
    await expectMessage(
      "OrthogonalRegularizer: values of the shape [2]; allowed: shapes of rank 2",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Regularizer<Float>.orthogonal().penalty(of: [1, 2])
      })
    await expectMessage(
      "L2: a gradient of the shape [3] for values of the shape [2]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var gradient = Tensor<Float>.zeros([3])
        Regularizer<Float>.l2().addGradient(of: [1, 2], to: &gradient)
      })
  }
}

@Suite struct ConstraintTests {
  @Test(arguments: 0..<PenaltyFixture.fixture.constraints.count)
  func `results are those of Keras`(index: Int) throws {
    let fixture = PenaltyFixture.fixture.constraints[index]
    let constraint = try Constraint<Double>(configuration: fixture.configuration)
    var x = fixture.x.tensor
    constraint.apply(to: &x)
    #expect(x.distance(from: fixture.result.tensor) < 1e-14, "\(constraint.name)")
    #expect(try Constraint<Double>(configuration: constraint.configuration) == constraint)
  }

  @Test func `names, literals and custom functions`() throws {
    let constraint: Constraint<Float> = "non_neg"
    #expect(constraint == .nonNegative)
    #expect("\(constraint), \(Constraint<Float>.maxNorm(3))" == "NonNeg, MaxNorm(maximum: 3.0)")
    #expect(
      try Constraint<Float>(named: "MaxNorm", parameters: ["max_value": 3, "axis": [0, 1]])
        == .maxNorm(3, axis: [0, 1]))
    #expect(Constraint<Float>.maxNorm(axis: .all).parameters["axis"] == .null)
    #expect(
      try Constraint<Float>(configuration: Constraint<Float>.unitNorm(axis: .all).configuration)
        == .unitNorm(axis: .all))
    var x: Tensor<Float> = [3, 4]
    Constraint<Float>.unitNorm(axis: .all).apply(to: &x)
    #expect((x - [0.6, 0.8]).absolute().max().scalar < 1e-6)
    Constraint<Float>.custom("zero") { $0 *= 0 }.apply(to: &x)
    #expect(x.scalars == [0, 0])
    let error = #expect(throws: ConfigurationError.self) {
      try Constraint<Float>(named: "min_max_norm", parameters: ["min_value": 2])
    }
    #expect("\(error!)" == "MinMaxNorm: min_value is 2.0; allowed: numbers up to max_value, which is 1.0")
  }

  @Test func `a wrong limit or axis stops the program`() async {
    await expectMessage(
      "MaxNorm: maximum is 0.0; allowed: finite numbers above 0",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = Constraint<Float>.maxNorm(0) })
    await expectMessage(
      "axis 1 of a tensor of rank 1; allowed: -1 to 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var x: Tensor<Float> = [1, 2]
        Constraint<Float>.maxNorm(axis: 1).apply(to: &x)
      })
  }
}
