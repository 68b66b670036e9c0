/// Where the elements of a matrix lie relative to its first one. Pure arithmetic, as `Layout`, without arrays.
struct MatrixLayout: Hashable {
  var rows: Int
  var columns: Int
  var rowStride: Int
  var columnStride: Int

  var transposed: MatrixLayout {
    MatrixLayout(rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride)
  }

  /// How BLAS takes a matrix: in memory it is row-major with this leading dimension, or its transpose is.
  struct BLASForm: Hashable {
    var isTransposed: Bool
    var leadingDimension: Int32
  }

  /// The form in which BLAS takes this matrix; `nil` where it has to be copied: neither axis has stride 1, a stride is
  /// negative or zero, or rows overlap. An axis of length 0 or 1 has whatever stride is legal.
  var blasForm: BLASForm? {
    if let leading = rowMajorLeadingDimension { return BLASForm(isTransposed: false, leadingDimension: leading) }
    if let leading = transposed.rowMajorLeadingDimension {
      return BLASForm(isTransposed: true, leadingDimension: leading)
    }
    return nil
  }

  private var rowMajorLeadingDimension: Int32? {
    guard columnStride == 1 || columns <= 1 else { return nil }
    let least = max(columns, 1)
    if rows <= 1 { return Int32(exactly: least) }
    return rowStride >= least ? Int32(exactly: rowStride) : nil
  }
}

extension Layout {
  /// The last two axes.
  var matrix: MatrixLayout {
    let last = shape.count - 1
    return MatrixLayout(
      rows: shape[last - 1], columns: shape[last], rowStride: strides[last - 1], columnStride: strides[last])
  }

  func matrix(transposed isTransposed: Bool) -> MatrixLayout { isTransposed ? matrix.transposed : matrix }

  /// All axes but the last `count`.
  func droppingLast(_ count: Int) -> Layout {
    Layout(shape: Array(shape.dropLast(count)), strides: Array(strides.dropLast(count)), offset: offset)
  }

  /// Calls `body` with the offsets, relative to the first element, of every index into axes of this shape, in row-major
  /// order: one offset for each of the given lists of strides.
  static func forEachOffset(
    _ shape: [Int], _ a: [Int], _ b: [Int], _ c: [Int], _ body: (Int, Int, Int) throws -> Void
  ) rethrows {
    var count = 1
    for length in shape { count *= length }
    if count == 0 { return }
    var index = [Int](repeating: 0, count: shape.count)
    var offsets = (0, 0, 0)
    for _ in 0..<count {
      try body(offsets.0, offsets.1, offsets.2)
      var axis = shape.count
      while axis > 0 {
        axis -= 1
        index[axis] += 1
        offsets.0 += a[axis]
        offsets.1 += b[axis]
        offsets.2 += c[axis]
        if index[axis] < shape[axis] { break }
        offsets.0 -= a[axis] * shape[axis]
        offsets.1 -= b[axis] * shape[axis]
        offsets.2 -= c[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }

  /// The axes that are not broadcast, and the shape they are broadcast to; the last `kept` axes stay.
  func withoutBroadcasts(keepingLast kept: Int) -> Layout {
    var result = self
    for axis in 0..<(rank - kept) where result.strides[axis] == 0 { result.shape[axis] = 1 }
    return result
  }
}
