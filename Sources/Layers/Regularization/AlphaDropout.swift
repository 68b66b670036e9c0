public import Tensor

/// Dropout for networks that normalise themselves: sets a random part of the elements to selu's lowest value in training and
/// rescales all, so that mean 0 and variance 1 stay; does nothing in use.
///
///     y = a (x or α′) + b,   α′ = -1.7580993,   a = ((1 - rate) (1 + rate α′²))^-½,   b = -a α′ rate
///
/// It belongs behind `selu` and the initializer `lecunNormal`. Shapes are kept.
/// - Complexity: O(*n*); a byte per element is kept for the pullback.
/// - Reference: Klambauer, Unterthiner, Mayr, Hochreiter, arXiv:1706.02515.
public struct AlphaDropout<Scalar: RealScalar>: Layer {
  /// The part that is dropped.
  public let rate: Double
  /// The shape of the mask, with the batch axis; axes of length 1 share their fate. None: that of the input.
  public let noiseShape: [Int?]?

  /// Traps for a rate outside 0..<1: with 1, nothing would be left to rescale.
  /// - Parameter rate: the part that is dropped.
  /// - Parameter noiseShape: the shape of the mask, batch axis included, which is broadcast to the input's; `nil` stands for
  ///   the input's length.
  public init(_ rate: Double, noiseShape: [Int?]? = nil) {
    require((0..<1).contains(rate), "AlphaDropout: the rate is \(rate), allowed are 0..<1")
    requireNoiseShape(noiseShape, "AlphaDropout")
    self.rate = rate
    self.noiseShape = noiseShape
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try checkNoiseShape(noiseShape, inputShape)
    return inputShape
  }

  /// What selu approaches at -∞.
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
