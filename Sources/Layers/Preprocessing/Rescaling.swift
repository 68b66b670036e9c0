public import Tensor

/// Computes `x · scale + offset`: `Rescaling(scale: 1.0 / 255)` maps bytes to 0...1. Shapes do not change.
public struct Rescaling<Scalar: RealScalar>: Layer {
  /// The factor of inputs.
  public let scale: Double
  /// The number that is added afterwards.
  public let offset: Double

  /// Creates a layer that rescales its input.
  /// - Precondition: both numbers are finite.
  public init(scale: Double, offset: Double = 0) {
    require(
      scale.isFinite && offset.isFinite,
      "Rescaling: scale is \(scale) and offset \(offset); allowed: finite numbers")
    self.scale = scale
    self.offset = offset
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.applying(ScaleOperation(factor: Scalar(scale), offset: Scalar(offset)))
  }
}
