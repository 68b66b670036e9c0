internal import Tensor

/// A matrix in the order in which products read it, made when it is first used and when it has changed.
final class Packing<Scalar: RealScalar>: Sendable {
  private let kept = Lock<(matrix: PackedMatrix<Scalar>, version: Int)?>(nil)

  /// - Parameter version: another one where the kernel is another one.
  func packed(_ kernel: Tensor<Scalar>, version: Int) -> PackedMatrix<Scalar> {
    kept.withLock { kept in
      if let kept, kept.version == version { return kept.matrix }
      let packed = PackedMatrix(kernel)
      kept = (packed, version)
      return packed
    }
  }
}
