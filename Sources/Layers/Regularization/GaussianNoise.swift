public import Tensor

/// Adds normally distributed noise of mean 0 in training; does nothing in use. Shapes are kept.
public struct GaussianNoise<Scalar: RealScalar>: Layer {
  /// The noise's standard deviation.
  public let stddev: Double

  /// Traps for a standard deviation outside 0...1.
  public init(_ stddev: Double) {
    require((0...1).contains(stddev), "GaussianNoise: stddev is \(stddev), allowed are 0...1")
    self.stddev = stddev
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && stddev > 0 else { return x }
    return try x.applying(NoiseOperation(deviation: stddev))
  }
}
