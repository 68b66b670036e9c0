internal import CKernels

// Sorting and searching. NaN counts as larger than every number: it comes last in ascending and first in descending
// order. -0 and 0 are equal.

extension Tensor {
  /// The elements along an axis (by default the last) in ascending or descending order. Axes of length 0 and 1 stay.
  /// - Complexity: O(*n* log *n*) in vectors, one allocation. The descending order is a view of the ascending one.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    let result = lines(ck_sort, axis: axis, single: false, to: Scalar.self)
    return descending ? result.flipped(axis: axis) : result
  }

  /// Brings the elements along an axis into ascending or descending order.
  public mutating func sort(axis: Int = -1, descending: Bool = false) {
    self = sorted(axis: axis, descending: descending)
  }

  /// The positions along an axis that the sorted elements come from. Stable: equal elements keep their order, in
  /// descending order too.
  ///
  /// ```swift
  /// let sorted = x.takeAlong(x.argSorted(axis: 1), axis: 1)    // x.sorted(axis: 1)
  /// ```
  public func argSorted(axis: Int = -1, descending: Bool = false) -> Tensor<Int64> {
    let axis = resolvedAxis(axis, rank: rank)
    if !descending { return lines(ck_argument_sort, axis: axis, single: false, to: Int64.self) }
    // Read backwards, equal elements stand in reverse order; reading the result backwards puts them right.
    let backwards = flipped(axis: axis).lines(ck_argument_sort, axis: axis, single: false, to: Int64.self)
    return Int64(shape[axis] - 1) - backwards.flipped(axis: axis)
  }

  /// The elements at the given positions along an axis, separately for each line: `[i, j]` of the result for axis 1 is
  /// `self[i, positions[i, j]]`. Negative positions count from the end.
  /// - Parameter positions: in this tensor's shape except for the axis, and in the range of the axis.
  /// - Parameter axis: counted from the front, or negative from the last.
  public func takeAlong(_ positions: Tensor<Int64>, axis: Int) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    var expected = positions.shape
    if expected.count == rank { expected[axis] = shape[axis] }
    require(
      expected == shape,
      "positions along axis \(axis) of the shape \(shape) have that shape but for the axis, unlike \(positions.shape)")
    return takingAlong(positions.wrapped(length: shape[axis], axis: axis, shape: shape), axis: axis)
  }

  /// As ``takeAlong(_:axis:)``, without looking whether the positions are in range.
  func takingAlong(_ positions: Tensor<Int64>, axis: Int) -> Tensor {
    let lines = movingAxis(axis, to: -1).contiguous
    let indices = positions.movingAxis(axis, to: -1).contiguous
    let length = shape[axis]
    let count = indices.shape[rank - 1]
    let result = Tensor.making(indices.shape) {
      if indices.isEmpty { return }
      ck_take_along(
        Scalar.elementType.kernelType, lines.start, indices.count / count, length, indices.start, count, $0.start)
      withExtendedLifetime((lines, indices)) {}
    }
    return result.movingAxis(-1, to: axis)
  }

  /// The `count` largest (or smallest) elements along an axis, the largest (smallest) first, and their positions; of
  /// equal elements the ones in front are taken. NaN counts as larger than every number.
  /// - Precondition: the axis has at least this number of elements.
  /// - Complexity: O(*n* log *count*) at most; about a comparison per element where *n* is much larger.
  public func topK(_ count: Int, axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor<Int64>) {
    let axis = resolvedAxis(axis, rank: rank)
    require(
      (0...shape[axis]).contains(count),
      "the top \(count) along axis \(axis) of the shape \(shape); allowed: 0 to \(shape[axis])")
    let indices: Tensor<Int64>
    if count > shape[axis] / topKSortsAbove {
      let order = argSorted(axis: axis, descending: largest)
      indices = order.view(order.layout.sliced(axis: axis, start: 0, count: count, step: 1)).contiguous
    } else {
      let lines = movingAxis(axis, to: -1).contiguous
      let found = Tensor<Int64>.making(lines.shape.dropLast() + [count]) {
        ck_top(
          Scalar.elementType.kernelType, lines.start, lines.shape.dropLast().reduce(1, *), shape[axis], count, largest,
          $0.start)
        withExtendedLifetime(lines) {}
      }
      indices = found.movingAxis(-1, to: axis)
    }
    return (takingAlong(indices, axis: axis), indices)
  }
}

/// Above this part of the axis, whole lines are sorted.
private let topKSortsAbove = 8

extension Tensor where Scalar: NumericScalar & Comparable {
  /// Where each value would be inserted into this tensor of rank 1, which is sorted in ascending order, so that it stays
  /// so. The result has the values' shape.
  /// - Parameter values: of any shape.
  /// - Parameter behindEqual: whether behind elements that are equal to it, not in front of them.
  ///
  /// ```swift
  /// let places = Tensor<Float>([1, 2, 2, 3]).searchSorted([2, 5])    // 1 4
  /// ```
  /// - Complexity: O(log *n*) per value.
  public func searchSorted(_ values: Tensor, behindEqual: Bool = false) -> Tensor<Int64> {
    require(rank == 1, "what is searched has rank 1, unlike the shape \(shape)")
    let sorted = contiguous
    let values = values.contiguous
    return .making(values.shape) {
      ck_search_sorted(
        Scalar.elementType.kernelType, sorted.start, count, values.start, values.count, behindEqual, $0.start)
      withExtendedLifetime((sorted, values)) {}
    }
  }
}
