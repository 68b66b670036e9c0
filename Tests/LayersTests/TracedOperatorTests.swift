import Layers
import Tensor
import Testing

/// The operators of a layer's computation.
@Suite struct TracedOperatorTests {
  /// A sum with every operator between tensors, weights and numbers.
  struct Formula: Layer {
    var weight = Weight<Double>("weight", initializer: .constant(1.5))

    mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
      try weight.build(inputShape, using: &generator)
    }
    mutating func forEachWeight(_ body: (inout Weight<Double>) throws -> Void) rethrows { try body(&weight) }

    func call(_ x: Traced<Double>) throws -> Traced<Double> {
      let numbers = try (2 + x) * (1 - x) / 3
      let products = try (x - 4) * (5 * x)
      let weights = try (weight + x) * (weight - x)
      let quotients = try weight * x / (weight / (x + 3))
      return try -numbers + products * weights - quotients
    }
  }

  @Test func `numbers and weights stand on either side`() throws {
    let x = sample([3, 4])
    let w = Tensor<Double>(1.5)
    let numbers = (2 + x) * (1 - x) / 3
    let products = (x - 4) * (5 * x)
    let weights = (w + x) * (w - x)
    let quotients = w * x / (w / (x + 3))
    #expect(isClose(try Formula()(x), products * weights - numbers - quotients))
    try checkLayer(Formula(), input: x, output: [3, 4], weights: ["weight": [4]])
  }

  @Test func `a quotient by a number is rounded once`() throws {
    struct Third: Layer { func call(_ x: Traced<Float>) throws -> Traced<Float> { try x / 3 } }
    let x = Tensor<Float>.arange(0, 1000, step: 1).reshaped([10, 100])
    #expect(try Third()(x) == x / 3)
  }
}
