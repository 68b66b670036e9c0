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

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) -> Tensor<Scalar> {
    let shape = [x.shape[0], n, x.shape[1]]
    var result = pass.tensor(shape)
    result.assign(x.expanded(axis: 1).broadcast(to: shape))
    return result
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    upstream.sum(axis: 1)
  }
}
