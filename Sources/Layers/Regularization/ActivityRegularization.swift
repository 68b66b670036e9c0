public import Tensor

/// Adds a penalty for large values to the loss: l1 Σ|x| + l2 Σx², divided by the length of the batch. The values do not
/// change.
public struct ActivityRegularization<Scalar: RealScalar>: Layer {
  /// The factor of the sum of magnitudes.
  public let l1: Double
  /// The factor of the sum of squares.
  public let l2: Double
  private let regularizer: Regularizer<Scalar>

  /// Creates a layer that penalises its input.
  /// - Precondition: both factors are finite and at least 0.
  public init(l1: Double = 0, l2: Double = 0) {
    requireFromZero(l1, "l1", "ActivityRegularization", Scalar.self)
    requireFromZero(l2, "l2", "ActivityRegularization", Scalar.self)
    self.l1 = l1
    self.l2 = l2
    regularizer = .l1l2(l1: l1, l2: l2)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.penalized(by: regularizer) }
}
