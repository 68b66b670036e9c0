internal import Tensor

/// A kernel in the order in which products read it: made when it is first used, and again when it has changed.
final class Packing<Scalar: RealScalar>: Sendable {
  private let kept = Lock<PackedMatrix<Scalar>?>(nil)

  func packed(_ kernel: Tensor<Scalar>) -> PackedMatrix<Scalar> {
    kept.withLock { kept in
      if let kept { return kept }
      let packed = PackedMatrix(kernel)
      kept = packed
      return packed
    }
  }

  fileprivate func forget() { kept.withLock { $0 = nil } }
}

extension Packing {
  /// For a kernel that may have changed. Copies of the layer keep theirs.
  static func renew(_ packing: inout Packing) {
    if isKnownUniquelyReferenced(&packing) { packing.forget() } else { packing = Packing() }
  }
}
