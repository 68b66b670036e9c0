public import Tensor

/// Marks the steps of padded sequences that do not count: those all of whose features are a given number.
///
/// ```swift
/// let model = Sequential<Float> {
///   Input(20, 64)
///   Masking()
///   Dense(32, activation: .relu)
///   Dense(10, activation: .softmax)
/// }
/// ```
///
/// Input [batch, …, features]. Features of marked steps become 0; the output's mask, [batch, …], is false there. What becomes of it
/// layer by layer, <doc:ComingFromKeras> has in a table; losses and metrics pass over the steps that the mask of an output leaves out.
public struct Masking<Scalar: RealScalar>: Layer {
  /// What all features of a step are that does not count.
  public let maskValue: Double

  /// Traps for numbers that are not finite.
  public init(maskValue: Double = 0) {
    require(maskValue.isFinite, "Masking: maskValue is \(maskValue), allowed are finite numbers")
    self.maskValue = maskValue
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    if inputShape.isEmpty { throw unexpectedShape("[batch, …, features]", inputShape) }
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let mask = try x.applying(DifferenceMask(value: Scalar(maskValue)))
    return try x.replaced(outside: mask, by: 0).with(mask: mask)
  }
}

/// Whether an element along the last axis differs from a number.
private struct DifferenceMask<Scalar: RealScalar>: UndifferentiatedOperation {
  typealias ResultScalar = Bool
  let value: Scalar

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0].dropLast()] }

  func forward(_ context: Context<Scalar>) throws {
    context.give(mask: (context.operand(0) .!= value).any(axis: -1))
  }
}
