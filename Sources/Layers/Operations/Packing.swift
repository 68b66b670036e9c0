internal import Tensor

/// A kernel in the order in which products read it, and its bias: created at their first use and again when weights
/// have changed.
final class Packing<Scalar: RealScalar>: Sendable {
  private let kept = Lock<(kernel: PackedMatrix<Scalar>, bias: Tensor<Scalar>?, version: Int)?>(nil)

  /// - Parameter version: a number that changes with the weights.
  func packed(
    version: Int, _ make: () -> (kernel: Tensor<Scalar>, bias: Tensor<Scalar>?)
  ) -> (kernel: PackedMatrix<Scalar>, bias: Tensor<Scalar>?) {
    kept.withLock { kept in
      if let kept, kept.version == version { return (kept.kernel, kept.bias) }
      let (kernel, bias) = make()
      let packed = PackedMatrix(kernel)
      kept = (packed, bias, version)
      return (packed, bias)
    }
  }
}
