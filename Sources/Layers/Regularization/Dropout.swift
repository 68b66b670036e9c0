public import Tensor

/// In training, sets a random fraction of the elements to 0 and scales the others, so that the expected sum is
/// preserved; has no effect in inference.
///
/// The generator of the training determines the elements: the same seed drops the same ones. Shapes do not change.
/// - Complexity: O(*n*); a byte per element is kept for the pullback.
/// - Reference: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014.
public struct Dropout<Scalar: RealScalar>: Layer {
  /// The fraction that is dropped.
  public let rate: Double
  /// The shape of the mask, including the batch axis; along axes of length 1, elements are dropped together. `nil` for
  /// the input's shape.
  public let noiseShape: [Int?]?

  /// Creates a dropout layer.
  /// - Parameter rate: the fraction that is dropped, in 0...1; with 1, everything is dropped.
  /// - Parameter noiseShape: the shape of the mask, including the batch axis, which broadcasts to the input's; `nil`
  ///   stands for the input's length: `[nil, 1, nil]` drops whole features of sequences [batch, steps, features].
  public init(_ rate: Double, noiseShape: [Int?]? = nil) {
    require((0...1).contains(rate), "Dropout: the rate is \(rate); allowed: 0...1")
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
