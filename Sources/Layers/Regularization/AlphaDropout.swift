public import Tensor

/// Dropout for self-normalising networks: in training, sets a random fraction of the elements to selu's lowest value
/// and rescales all, so that mean 0 and variance 1 are preserved; has no effect in inference.
///
///     y = a (x or α′) + b,   α′ = -1.7580993,   a = ((1 - rate) (1 + rate α′²))^-½,   b = -a α′ rate
///
/// Use it after `selu` with the initializer `lecunNormal`. Shapes do not change.
/// - Complexity: O(*n*); a byte per element is kept for the pullback.
/// - Reference: Klambauer, Unterthiner, Mayr, Hochreiter, arXiv:1706.02515.
public struct AlphaDropout<Scalar: RealScalar>: Layer {
  /// The fraction that is dropped.
  public let rate: Double
  /// The shape of the mask, including the batch axis; along axes of length 1, elements are dropped together. `nil` for
  /// the input's shape.
  public let noiseShape: [Int?]?

  /// Creates an alpha dropout layer.
  /// - Parameter rate: the fraction that is dropped, in 0..<1: with 1, nothing would be left to rescale.
  /// - Parameter noiseShape: the shape of the mask, including the batch axis, which broadcasts to the input's; `nil`
  ///   stands for the input's length.
  public init(_ rate: Double, noiseShape: [Int?]? = nil) {
    require((0..<1).contains(rate), "AlphaDropout: the rate is \(rate); allowed: 0..<1")
    requireNoiseShape(noiseShape, "AlphaDropout")
    self.rate = rate
    self.noiseShape = noiseShape
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try checkNoiseShape(noiseShape, inputShape)
    return inputShape
  }

  /// The limit of selu at -∞.
  private static var lowest: Double { -1.7580993408473766 }
  private var factor: Double { 1 / ((1 - rate) * (1 + rate * Self.lowest * Self.lowest)).squareRoot() }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    return try x.applying(
      DropoutOperation(
        rate: rate, noiseShape: noiseShape, replacement: Scalar(Self.lowest), factor: Scalar(factor),
        offset: Scalar(-factor * Self.lowest * rate)))
  }
}
