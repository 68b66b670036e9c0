public import Tensor

/// Multiplies by normally distributed noise of mean 1 and standard deviation √(rate / (1 - rate)) in training; does nothing
/// in use. Shapes are kept.
/// - Reference: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014, section 10.
public struct GaussianDropout<Scalar: RealScalar>: Layer {
  /// The part that ``Dropout`` with noise of this variance would drop.
  public let rate: Double

  /// Traps for a rate outside 0..<1: with 1, the noise would be infinite.
  public init(_ rate: Double) {
    require((0..<1).contains(rate), "GaussianDropout: the rate is \(rate), allowed are 0..<1")
    self.rate = rate
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    return try x.applying(NoiseFactorOperation(deviation: (rate / (1 - rate)).squareRoot()))
  }
}
