internal import Tensor

/// A packed kernel and its bias.
final class PackedWeights<Scalar: RealScalar>: Sendable {
  let map: any PackedLinearMap<Scalar>
  let bias: Tensor<Scalar>?
  /// A number that changes with the weights.
  let version: Int

  init(_ map: any PackedLinearMap<Scalar>, _ bias: Tensor<Scalar>?, _ version: Int) {
    (self.map, self.bias, self.version) = (map, bias, version)
  }
}

/// Packed weights, created at their first use and again when weights have changed.
final class Packing<Scalar: RealScalar>: Sendable {
  private let kept = Lock<PackedWeights<Scalar>?>(nil)

  func weights(version: Int, _ make: () -> PackedWeights<Scalar>) -> PackedWeights<Scalar> {
    kept.withLock { kept in
      if let kept, kept.version == version { return kept }
      let made = make()
      kept = made
      return made
    }
  }
}
