public import Tensor

/// Masks the steps of padded sequences whose features all equal a given number.
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
/// The input is [batch, …, features]. The features of masked steps become 0; the output's mask, [batch, …], is false
/// there. <doc:ComingFromKeras> describes how each layer treats masks; losses and metrics ignore the steps that an
/// output's mask excludes.
public struct Masking<Scalar: RealScalar>: Layer {
  /// The value of all features of a masked step.
  public let maskValue: Double

  /// Creates a masking layer.
  /// - Precondition: `maskValue` is finite.
  public init(maskValue: Double = 0) {
    require(maskValue.isFinite, "Masking: maskValue is \(maskValue); allowed: finite numbers")
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
