// Comparisons with a tolerance, as NumPy's `isclose` and `allclose`.

extension Tensor where Scalar: RealScalar {
  /// Whether |x - y| ≤ absoluteTolerance + relativeTolerance · |y|, elementwise with broadcasting, where `y` is the
  /// other tensor: it is not symmetric, the other tensor is the one to be reached. Infinities are close to themselves.
  /// - Parameter other: the tensor to be reached.
  /// - Parameter relativeTolerance: how far elements may lie apart, as a part of the other's magnitude.
  /// - Parameter absoluteTolerance: how far any elements may lie apart.
  /// - Parameter equalNaN: whether NaN is close to NaN.
  /// - Precondition: the shapes broadcast.
  /// - Returns: a mask of the broadcast shape.
  public func isClose(
    to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false
  ) -> Tensor<Bool> {
    let distance = (self - other).absolute()
    let tolerance = other.absolute() * relativeTolerance + absoluteTolerance
    let result = (distance .<= tolerance) .& other.isFinite .| (self .== other)
    return equalNaN ? result .| (isNaN .& other.isNaN) : result
  }

  /// Whether the shapes are equal and every element is close to the other tensor's, as `isClose` tells.
  /// - Complexity: O(*n*); a tensor that does not lie contiguous is copied first.
  public func isAlmostEqual(
    to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false
  ) -> Bool {
    guard shape == other.shape else { return false }
    let x = contiguous.flattened
    let y = other.contiguous.flattened
    for start in stride(from: 0, to: count, by: elementsPerPiece) {
      // Piece by piece, so that what is computed stays in the cache, and to stop at the first difference.
      let end = Swift.min(start + elementsPerPiece, count)
      let isClose = x[start..<end].isClose(
        to: y[start..<end], relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance,
        equalNaN: equalNaN)
      if !isClose.all().scalar { return false }
    }
    return true
  }
}

private let elementsPerPiece = 32_768
