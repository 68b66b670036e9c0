/// The matrices of a tensor in storage of their own, one after the other without gaps, for LAPACK to overwrite.
struct MatrixBatch<Scalar: RealScalar> {
  enum Order { case rowMajor, columnMajor }

  var tensor: Tensor<Scalar>
  let order: Order

  init(uninitialized shape: [Int], _ order: Order) {
    tensor = Tensor(storage: Storage(count: shape.reduce(1, *)), layout: Self.layout(shape, order))
    self.order = order
  }

  /// The matrices of x, copied only where x does not already own its storage and lie as asked. Without a given order
  /// they keep theirs.
  init(_ x: consuming Tensor<Scalar>, _ order: Order? = nil) {
    let matrix = x.layout.matrix
    let natural: Order = matrix.rowStride.magnitude < matrix.columnStride.magnitude ? .columnMajor : .rowMajor
    self.order = order ?? natural
    let layout = Self.layout(x.shape, self.order)
    if x.layout == layout && x.isReusable {
      tensor = x
    } else {
      tensor = Tensor(storage: Storage(count: x.count), layout: layout)
      tensor.fill(copying: x)
    }
  }

  static func layout(_ shape: [Int], _ order: Order) -> Layout {
    var layout = Layout(contiguous: shape)
    if order == .columnMajor {
      let last = shape.count - 1
      layout.strides[last - 1] = 1
      layout.strides[last] = max(shape[last - 1], 1)
    }
    return layout
  }

  var rows: Int { tensor.layout.matrix.rows }
  var columns: Int { tensor.layout.matrix.columns }
  var size: Int { rows * columns }
  var batchShape: [Int] { Array(tensor.shape.dropLast(2)) }
  /// The number of matrices.
  var count: Int { batchShape.reduce(1, *) }

  subscript(index: Int) -> UnsafeMutablePointer<Scalar> { tensor.storage.base + index * size }

  /// The position in the batch of a matrix counted in row-major order.
  func position(_ index: Int) -> [Int] {
    var rest = index
    return batchShape.reversed().map { length in
      defer { rest /= length }
      return rest % length
    }.reversed()
  }

  /// Sets what lies above the diagonal to zero.
  func clearAboveDiagonal() {
    for index in 0..<count {
      let start = self[index]
      switch order {
      case .rowMajor:
        for row in 0..<min(rows, columns) {
          (start + row * columns + row + 1).update(repeating: 0, count: columns - row - 1)
        }
      case .columnMajor:
        for column in 1..<max(columns, 1) { (start + column * rows).update(repeating: 0, count: min(column, rows)) }
      }
    }
  }

  /// Which of the matrices hold NaN.
  var positionsOfNaN: [Int] {
    if isFinite { return [] }
    return (0..<count).filter { index in
      let start = self[index]
      return (0..<size).contains { start[$0].isNaN }
    }
  }

  /// Whether every element is finite.
  var isFinite: Bool {
    let sum = Summation.sum(tensor.storage.base, tensor.count)
    // A sum of doubles can overflow.
    return sum.isFinite || tensor.isFinite.all().scalar
  }
}

extension Tensor {
  /// The order of the square matrices in the last two axes. Traps for other shapes.
  func squareOrder(_ operation: String) -> Int {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2],
      "\(operation) takes square matrices in the last two axes, not the shape \(shape)")
    require(shape[rank - 1] <= 1 << 24, "\(operation) of the shape \(shape): LAPACK counts in 32 bits")
    return shape[rank - 1]
  }

  /// Traps when there are no two axes.
  func requireMatrices(_ operation: String) {
    require(rank >= 2, "\(operation) takes matrices in the last two axes, not the shape \(shape)")
    require(
      Swift.max(shape[rank - 2], shape[rank - 1]) <= Int32.max >> 7,
      "\(operation) of the shape \(shape): LAPACK counts in 32 bits")
  }
}
