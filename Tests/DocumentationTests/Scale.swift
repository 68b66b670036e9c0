import KerasFormat
import Layers

/// A custom layer, which samples register.
struct Scale<Scalar: RealScalar>: Layer {
  let initial: Double
  var factor: Weight<Scalar>

  init(initial: Double = 1) {
    self.initial = initial
    factor = Weight("factor", initializer: .constant(initial))
  }

  mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try factor.build(inputShape, using: &generator)
  }

  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try body(&factor) }

  func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x * factor }
}
