internal import CKernels

// Numbers whose squares leave their type's range are multiplied by a power of two first, which loses nothing.

extension Tensor where Scalar: RealScalar {
  /// Sums of squares in here have not overflowed, and what they have lost below the smallest numbers does not count.
  package static var safeSquares: ClosedRange<Scalar> {
    (Scalar.leastNormalMagnitude / Scalar.ulpOfOne)...Scalar.greatestFiniteMagnitude
  }

  /// Whether every element lies in ``safeSquares``.
  package var holdsSafeSquares: Bool {
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get { isWithin(Self.safeSquares) }
  }

  /// Whether every element is finite.
  package var isFiniteThroughout: Bool {
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get { isWithin(-Scalar.greatestFiniteMagnitude...Scalar.greatestFiniteMagnitude) }
  }

  /// Whether every element lies in a range; NaN does not.
  package func isWithin(_ range: ClosedRange<Scalar>) -> Bool {
    let x = layout.isDense ? self : contiguous
    return withExtendedLifetime(x) {
      ck_lie_within(
        Scalar.elementType.kernelType, x.lowestAddress, count, Double(range.lowerBound), Double(range.upperBound))
    }
  }

  /// Powers of two for numbers whose squares have come to these sums: with them, the squares are in range.
  package var rescaling: Tensor {
    let large = Scalar.realElement.squareScale
    let isSmall = self .< Self.safeSquares.lowerBound
    let isFinite = self .<= Self.safeSquares.upperBound
    return Tensor.where(isFinite, Tensor.where(isSmall, Tensor(large), Tensor(1)), Tensor(1 / large))
  }
}
