internal import Tensor

/// A kernel in the order in which a map reads it, and its bias: created at their first use and again when weights have
/// changed.
final class Packing<Map: LinearMap>: Sendable {
  private let kept = Lock<(kernel: Map.Packed, bias: Tensor<Map.Scalar>?, version: Int)?>(nil)

  /// - Parameter version: a number that changes with the weights.
  func packed(
    _ map: Map, version: Int, _ make: () -> (kernel: Tensor<Map.Scalar>, bias: Tensor<Map.Scalar>?)
  ) -> (kernel: Map.Packed, bias: Tensor<Map.Scalar>?) {
    kept.withLock { kept in
      if let kept, kept.version == version { return (kept.kernel, kept.bias) }
      let (kernel, bias) = make()
      let packed = map.packed(kernel)
      kept = (packed, bias, version)
      return (packed, bias)
    }
  }
}
