extension Tensor where Scalar: RealScalar {
  /// Σ x², added up in double, without memory of its own where the elements lie without gaps.
  package var sumOfSquares: Double {
    guard layout.isDense else { return contiguous.sumOfSquares }
    let norm = Self.euclideanNorm(lowestAddress, count)
    withExtendedLifetime(self) {}
    return norm * norm
  }
}
