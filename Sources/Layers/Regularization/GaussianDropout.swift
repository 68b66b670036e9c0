public import Tensor

/// In training, multiplies by normally distributed noise with mean 1 and standard deviation √(rate / (1 - rate)); has
/// no effect in inference. Shapes do not change.
/// - Reference: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014, section 10.
public struct GaussianDropout<Scalar: RealScalar>: Layer {
  /// The fraction that ``Dropout`` with noise of this variance would drop.
  public let rate: Double

  /// Creates a Gaussian dropout layer.
  /// - Precondition: the rate is in 0..<1; with 1, the noise would be infinite.
  public init(_ rate: Double) {
    require((0..<1).contains(rate), "GaussianDropout: the rate is \(rate); allowed: 0..<1")
    self.rate = rate
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    return try x.applying(NoiseFactorOperation(deviation: (rate / (1 - rate)).squareRoot()))
  }
}
