internal import Tensor

// Numbers that are drawn for each sample of a batch. They have no gradients.

extension Traced {
  /// Draws numbers for each sample, in a tensor of this shape.
  func drawn(_ shape: [Int], by draw: @escaping @Sendable (inout PhiloxGenerator) -> [Double]) throws -> Traced {
    let samples: TracedIntegers<Scalar> = try applying(NumberedSamples())
    return try samples.applying(DrawnNumbers(shape: shape, draw: draw))
  }

  /// Draws a number for each image, which broadcasts to it.
  func drawn(from range: ClosedRange<Double>) throws -> Traced {
    try drawn([1, 1, 1]) { [.random(in: range, using: &$0)] }
  }

  /// Draws 1 or 0 for each image: 1 with a probability that is drawn itself.
  func drawn(withProbability range: ClosedRange<Double>) throws -> Traced {
    try drawn([1, 1, 1]) { [$0.isTrue(withProbability: range) ? 1 : 0] }
  }
}

extension PhiloxGenerator {
  /// Draws a probability, and what is true with it.
  mutating func isTrue(withProbability range: ClosedRange<Double>) -> Bool {
    let probability = Double.random(in: range, using: &self)
    return Double.random(in: 0..<1, using: &self) < probability
  }
}

/// The numbers of the samples in their batch: integers have no gradients, nor has what is drawn for them.
struct NumberedSamples<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Int64

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [[]] }

  func forward(_ context: Context<Scalar>) throws { context.give(integers: .arange(context.operand(0).shape[0])) }
}

private struct DrawnNumbers<Scalar: RealScalar>: UndifferentiatedOperation {
  let shape: [Int]
  let draw: @Sendable (inout PhiloxGenerator) -> [Double]

  var isRandom: Bool { true }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws {
    let count = context.integers(0).shape[0]
    var generator = context.generator
    let numbers = (0..<count).flatMap { _ in draw(&generator) }
    context.generator = generator
    context.give(Tensor(shape: [count] + shape, scalars: numbers.map { Scalar($0) }))
  }
}
