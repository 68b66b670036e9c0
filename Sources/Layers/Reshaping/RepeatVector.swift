public import Tensor

/// Each sample, a vector, several times: [batch, features] becomes [batch, n, features].
public struct RepeatVector<Scalar: RealScalar>: Layer {
  /// How often a sample is repeated.
  public let n: Int

  /// Traps for less than one time.
  public init(_ n: Int) {
    require(n >= 1, "RepeatVector: n is \(n), allowed are integers from 1 on")
    self.n = n
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == 1 else { throw unexpectedShape("[batch, features]", inputShape) }
    return [n] + inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.applying(RepeatOperation(count: n)) }
}
