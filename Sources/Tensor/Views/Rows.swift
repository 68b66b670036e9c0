extension Tensor {
  /// The parts along the first axis, as views: the rows of a matrix, the matrices of a tensor of rank 3.
  public struct Rows: RandomAccessCollection, Sendable {
    fileprivate let tensor: Tensor

    public var startIndex: Int { 0 }
    public var endIndex: Int { tensor.layout.shape[0] }

    /// The part at a position.
    /// - Precondition: the position is in range.
    public subscript(position: Int) -> Tensor {
      require(indices.contains(position), "row \(position) of the shape \(tensor.shape); allowed: \(indices)")
      return tensor.row(position)
    }
  }

  /// The parts along the first axis, to iterate over: the rows of a matrix.
  ///
  /// ```swift
  /// for row in x.rows { print(row.sum().scalar) }
  /// let largest = x.rows.map { $0.max().scalar }
  /// ```
  /// - Precondition: the rank is at least 1.
  public var rows: Rows {
    require(rank > 0, "a tensor of rank 0 has no rows")
    return Rows(tensor: self)
  }

  /// The part at a position of the first axis, which is in range.
  func row(_ position: Int) -> Tensor {
    view(layout.sliced(axis: 0, start: position, count: 1, step: 1).removing(axis: 0))
  }
}
