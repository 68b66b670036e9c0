import Activations
import Foundation
import Tensor
import Testing

struct Fixtures: Decodable {
  struct Elementwise: Decodable {
    let name: String
    let parameters: [String: Double]
    let x: [Double]
    let y: [Double]
  }
  struct Row: Decodable {
    let x: [Double]
    let y: [Double]
  }
  let elementwise: [Elementwise]
  let softmax: [Row]

  static let shared: Fixtures = {
    let url = Bundle.module.url(forResource: "activations", withExtension: "json", subdirectory: "Fixtures")!
    return try! JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: url))
  }()
}

/// How far a value is from the exact one, in spacings of its type at the exact one.
func ulps<Scalar: RealScalar>(_ value: Scalar, from exact: Double) -> Double {
  abs(Double(value) - exact) / Double(Scalar(exact).ulp)
}

func activation<Scalar>(_ fixture: Fixtures.Elementwise) -> Activation<Scalar> {
  switch fixture.name {
  case "relu":
    .relu(
      alpha: fixture.parameters["alpha"] ?? 0, maxValue: fixture.parameters["maximum"],
      threshold: fixture.parameters["threshold"] ?? 0)
  default: .selu
  }
}

@Suite struct ElementwiseActivationTests {
  @Test(arguments: Fixtures.shared.elementwise.indices)
  func `agrees with the exact results to one ulp in Float and two in Double`(index: Int) throws {
    let fixture = Fixtures.shared.elementwise[index]
    let single = try (activation(fixture) as Activation<Float>)(Tensor(fixture.x.map { Float($0) }))
    let double = try (activation(fixture) as Activation<Double>)(Tensor(fixture.x))
    for (i, exact) in fixture.y.enumerated() {
      #expect(ulps(single[at: i], from: exact) <= 1, "Float, x = \(fixture.x[i])")
      #expect(ulps(double[at: i], from: exact) <= 2, "Double, x = \(fixture.x[i])")
    }
  }

  @Test func `the documentation's examples of relu`() {
    let x: Tensor<Float> = [-10, -5, 0, 5, 10]
    #expect(relu(x).scalars == [0, 0, 0, 5, 10])
    #expect(relu(x, alpha: 0.5).scalars == [-5, -2.5, 0, 5, 10])
    #expect(relu(x, maxValue: 5).scalars == [0, 0, 0, 5, 5])
    #expect(relu(x, threshold: 5).scalars == [0, 0, 0, 0, 10])
  }

  @Test func `NaN stays and infinities have limits`() throws {
    let x: Tensor<Float> = Tensor([.nan, -.infinity, .infinity])
    #expect(relu(x)[at: 0].isNaN)
    #expect(relu(x, alpha: 0.1, maxValue: 6, threshold: 1)[at: 0].isNaN)
    #expect(relu(x)[1...].scalars == [0, .infinity])
    #expect(selu(x)[at: 0].isNaN)
    #expect(selu(x)[1...].scalars == [-1.7580993, .infinity])
  }

  @Test func `the shape stays, whatever the layout`() throws {
    let x = Tensor<Double>.arange(-12, 12).reshaped([2, 3, 4])
    for view in [x, x.transposed, x.flipped(axis: 1), x[0..., Slice(step: 2)], x[0, 0, 0], x[0..<0]] {
      let y = selu(view)
      #expect(y.shape == view.shape)
      #expect(y.scalars == selu(view.copied()).scalars)
    }
  }

  @Test func `parameters out of range stop the program`() async {
    await #expect(processExitsWith: .failure) { _ = Activation<Float>.relu(maxValue: -1) }
    await #expect(processExitsWith: .failure) { _ = Activation<Float>.relu(alpha: .nan) }
  }

  @Test func `activations are equal by name and parameters`() {
    #expect(Activation<Float>.relu() == .relu())
    #expect(Activation<Float>.relu(alpha: 0.1) != .relu())
    #expect(Activation<Float>.softmax(axis: 0) != .softmax())
    #expect(Activation<Float>.selu.name == "selu")
  }
}

@Suite struct SoftmaxTests {
  @Test(arguments: Fixtures.shared.softmax.indices)
  func `agrees with the exact probabilities, below and above the length from which BLAS sums`(index: Int) throws {
    let row = Fixtures.shared.softmax[index]
    let single = try softmax(Tensor<Float>(row.x.map { Float($0) }).reshaped([1, -1]))
    let double = try softmax(Tensor<Double>(row.x).reshaped([1, -1]))
    for (i, exact) in row.y.enumerated() {
      #expect(ulps(single[at: 0, i], from: exact) <= 4)
      #expect(ulps(double[at: 0, i], from: exact) <= 4)
    }
  }

  @Test(arguments: [3, 70])
  func `along any axis of any layout the values sum to one`(length: Int) throws {
    let x = Tensor<Double>.linspace(-5, 5, count: 4 * length).reshaped([2, length, 2])
    for axis in [1, -2] {
      for view in [x, x.flipped(axis: 1), x.transposed.copied().transposed] {
        let y = try softmax(view, axis: axis)
        #expect(y.shape == x.shape)
        #expect((y.sum(axis: axis) - 1).absolute().max().scalar < 1e-14)
        let moved = try softmax(view.movingAxis(axis, to: -1).copied())
        #expect((y.movingAxis(axis, to: -1) - moved).absolute().max().scalar < 1e-15)
      }
    }
  }

  @Test func `large logits neither overflow nor lose the others`() throws {
    let y = try softmax(Tensor<Float>([[1000, 1000, 0], [-1000, -1000, -2000]]))
    #expect(y.scalars == [0.5, 0.5, 0, 0.5, 0.5, 0])
  }

  @Test func `rank 0 and 1 throw and say what to do`() {
    let error = #expect(throws: ActivationError.self) { try softmax(Tensor<Float>([1, 2, 3])) }
    #expect("\(error!)".contains("reshape [3] to [1, 3]"))
    #expect(throws: ActivationError.rankTooLow(activation: "softmax", shape: [])) { try softmax(Tensor<Float>(1)) }
  }

  @Test func `an axis out of range throws`() {
    let error = #expect(throws: ActivationError.self) { try softmax(Tensor<Float>.ones([2, 2]), axis: 2) }
    #expect("\(error!)" == "softmax along axis 2 of the shape [2, 2]: allowed are -2 to 1")
  }
}
