/// The matrices of a tensor in memory of their own, one after the other without gaps, for LAPACK to overwrite.
struct MatrixBatch<Scalar: RealScalar>: ~Copyable {
  enum Order { case rowMajor, columnMajor }

  private var destination: Destination<Scalar>
  let order: Order

  /// Matrices with undefined elements.
  init(uninitialized shape: [Int], _ order: Order) {
    destination = Destination(Self.layout(shape, order))
    self.order = order
  }

  /// The matrices of x, copied only where x does not already own its memory and lie as asked. Without a given order
  /// they keep theirs.
  init(_ x: consuming Tensor<Scalar>, _ order: Order? = nil) {
    let matrix = x.layout.matrix
    let natural: Order = matrix.rowStride.magnitude < matrix.columnStride.magnitude ? .columnMajor : .rowMajor
    self.order = order ?? natural
    let layout = Self.layout(x.shape, self.order)
    destination = Destination(x, in: layout)
  }

  /// The matrices of x broadcast to this shape, copied.
  init(_ x: Tensor<Scalar>, broadcastTo shape: [Int], _ order: Order) {
    self.init(uninitialized: shape, order)
    destination.copy(x.operand(in: x.layout.broadcast(to: shape)!))
  }

  consuming func finish() -> Tensor<Scalar> { destination.finish() }

  static func layout(_ shape: [Int], _ order: Order) -> Layout {
    var layout = Layout(contiguous: shape)
    if order == .columnMajor {
      let last = shape.count - 1
      layout.strides[last - 1] = 1
      layout.strides[last] = max(shape[last - 1], 1)
    }
    return layout
  }

  var layout: Layout { destination.layout }
  var shape: [Int] { layout.shape }
  var rows: Int { layout.matrix.rows }
  var columns: Int { layout.matrix.columns }
  var size: Int { rows * columns }
  var batchShape: [Int] { Array(shape.dropLast(2)) }
  var isEmpty: Bool { layout.count == 0 }
  /// The number of matrices.
  var count: Int { batchShape.reduce(1, *) }

  subscript(index: Int) -> UnsafeMutablePointer<Scalar> { destination.start + index * size }

  /// The position in the batch of a matrix counted in row-major order.
  func position(_ index: Int) -> [Int] { Layout.position(index, in: batchShape) }

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
    let (start, size) = (self[0], size)
    return (0..<count).filter { index in (0..<size).contains { start[index * size + $0].isNaN } }
  }

  /// Whether every element is finite.
  var isFinite: Bool {
    let sum = Summation.sum(self[0], layout.count)
    // A sum of doubles can overflow.
    return sum.isFinite || UnsafeBufferPointer(start: self[0], count: layout.count).allSatisfy(\.isFinite)
  }
}

extension Layout {
  /// The index of an element counted in row-major order.
  static func position(_ index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { length in
      defer { rest /= length }
      return rest % length
    }.reversed()
  }
}

extension Tensor {
  /// The order of the square matrices in the last two axes.
  /// - Precondition: the last two axes have the same length.
  func squareOrder(_ operation: String) -> Int {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2],
      "\(operation) takes square matrices in the last two axes, not the shape \(shape)")
    require(shape[rank - 1] <= 1 << 24, "\(operation) of the shape \(shape): LAPACK counts in 32 bits")
    return shape[rank - 1]
  }

  /// - Precondition: the rank is at least 2.
  func requireMatrices(_ operation: String) {
    require(rank >= 2, "\(operation) takes matrices in the last two axes, not the shape \(shape)")
    require(
      Swift.max(shape[rank - 2], shape[rank - 1]) <= Int32.max >> 7,
      "\(operation) of the shape \(shape): LAPACK counts in 32 bits")
  }
}
