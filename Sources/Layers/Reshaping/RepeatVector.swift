public import Tensor

/// Repeats each sample, a vector: [batch, features] becomes [batch, n, features].
public struct RepeatVector<Scalar: RealScalar>: Layer {
  /// The number of repetitions.
  public let n: Int

  /// Creates a layer that repeats samples.
  /// - Precondition: `n` is at least 1.
  public init(_ n: Int) {
    require(n >= 1, "RepeatVector: n is \(n); allowed: integers of at least 1")
    self.n = n
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 1 else { throw unexpectedShape("[batch, features]", inputShape) }
    return [n] + inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.applying(RepeatOperation(count: n)) }
}
