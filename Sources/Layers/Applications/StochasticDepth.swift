public import Tensor

/// In training, drops a residual branch for randomly chosen samples and scales it for the others, so that its expected
/// value is preserved; has no effect in inference. Shapes do not change.
/// - Reference: Huang, Sun, Liu, Sedra, Weinberger, arXiv:1603.09382.
public struct StochasticDepth<Scalar: RealScalar>: Layer {
  /// The fraction of samples for which the branch is dropped.
  public let rate: Double

  /// Creates a layer that drops branches.
  /// - Precondition: the rate is in 0...1.
  public init(_ rate: Double) {
    require((0...1).contains(rate), "StochasticDepth: the rate is \(rate); allowed: 0...1")
    self.rate = rate
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    return try x.applying(
      DropoutOperation(
        rate: rate, noiseShape: [nil] + [Int?](repeating: 1, count: x.shape.count),
        factor: rate < 1 ? Scalar(1 / (1 - rate)) : 1))
  }
}
