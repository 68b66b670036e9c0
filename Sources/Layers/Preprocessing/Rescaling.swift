public import Tensor

/// `x · scale + offset`: `Rescaling(scale: 1.0 / 255)` takes bytes to 0...1. Shapes are kept.
public struct Rescaling<Scalar: RealScalar>: Layer {
  /// What inputs are multiplied by.
  public let scale: Double
  /// What is added then.
  public let offset: Double

  /// Traps for numbers that are not finite.
  public init(scale: Double, offset: Double = 0) {
    require(
      scale.isFinite && offset.isFinite,
      "Rescaling: scale is \(scale) and offset \(offset), allowed are finite numbers")
    self.scale = scale
    self.offset = offset
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.applying(ScaleOperation(factor: Scalar(scale), offset: Scalar(offset)))
  }
}
