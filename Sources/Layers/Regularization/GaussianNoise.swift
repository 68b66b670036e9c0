public import Tensor

/// In training, adds normally distributed noise with mean 0; has no effect in inference. Shapes do not change.
public struct GaussianNoise<Scalar: RealScalar>: Layer {
  /// The noise's standard deviation.
  public let stddev: Double

  /// Creates a Gaussian noise layer.
  /// - Precondition: the standard deviation is in 0...1.
  public init(_ stddev: Double) {
    require((0...1).contains(stddev), "GaussianNoise: stddev is \(stddev); allowed: 0...1")
    self.stddev = stddev
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && stddev > 0 else { return x }
    return try x.applying(NoiseOperation(deviation: stddev))
  }
}
