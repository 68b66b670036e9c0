public import Tensor

/// Sets a random part of the elements to 0 in training and scales the others, so that the expected sum stays; does nothing
/// in use.
///
/// The elements come from the generator that training is given: the same seed drops the same ones. Shapes are kept.
/// - Complexity: O(*n*); a byte per element is kept for the pullback.
/// - Reference: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014.
public struct Dropout<Scalar: RealScalar>: Layer {
  /// The part that is dropped.
  public let rate: Double
  /// The shape of the mask, with the batch axis; axes of length 1 share their fate. None: that of the input.
  public let noiseShape: [Int?]?

  /// Traps for a rate outside 0...1; with 1, everything is dropped.
  /// - Parameter rate: the part that is dropped.
  /// - Parameter noiseShape: the shape of the mask, batch axis included, which is broadcast to the input's; `nil` stands for
  ///   the input's length: `[nil, 1, nil]` drops whole features of sequences [batch, steps, features].
  public init(_ rate: Double, noiseShape: [Int?]? = nil) {
    require((0...1).contains(rate), "Dropout: the rate is \(rate), allowed are 0...1")
    requireNoiseShape(noiseShape, "Dropout")
    self.rate = rate
    self.noiseShape = noiseShape
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try checkNoiseShape(noiseShape, inputShape)
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    return try x.applying(
      DropoutOperation(rate: rate, noiseShape: noiseShape, factor: rate < 1 ? Scalar(1 / (1 - rate)) : 1))
  }
}
