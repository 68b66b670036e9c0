package import CKernels

/// What ends a product: nothing, or an elementwise function.
package struct ProductEpilogue: Sendable {
  let function: ck_function?
  let parameters: ck_parameters

  package static let identity = ProductEpilogue(function: nil, parameters: .none)

  package init(_ function: ck_function, _ parameters: ck_parameters = .none) {
    self.init(function: function, parameters: parameters)
  }

  private init(function: ck_function?, parameters: ck_parameters) {
    self.function = function
    self.parameters = parameters
  }
}

/// epilogue(x · matrix + bias) by the package's own kernels, to the bit what the three give one after another: bias and activation are
/// applied while a block is in cache.
///
/// Each sum is added up in the order of its terms, but for windows of 3 × 3 places, which are computed in fours. A row's result does not depend on the other rows, on whether the matrix was packed, or
/// on the number of threads; only products made with `init(reordering:…)` give that up for speed.
package struct BlockedProduct<Scalar: RealScalar>: ~Copyable {
  /// The shape of the left operand, where it is no matrix.
  private let rowAxes: [Int]?
  private let kernels: Kernels
  var call: ck_matrix_product
  private let windows: ProductWindows?
  private let owners: (Memory, Memory, Memory?)

  /// By a matrix that has been packed.
  /// - Parameter x: [..., k], read as it lies; copied only where its rows do not lie at equal distances.
  /// - Parameter bias: [n]
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package init(
    _ x: Tensor<Scalar>, _ matrix: PackedMatrix<Scalar>, bias: Tensor<Scalar>? = nil,
    epilogue: ProductEpilogue = .identity
  ) {
    // Nobody reads the right operand where there is a packed one.
    let right = ck_matrix(data: matrix.storage.base, row: 0, column: 0)
    self.init(x, right, matrix.rows, matrix.columns, matrix.storage.memory, bias, epilogue, matrix.kernels)
    call.packed = UnsafeRawPointer(matrix.storage.base)
  }

  /// By a matrix [k, n] that changes from call to call: it is packed on the way, or read as it lies by few rows.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package init(
    _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity,
    kernels: Kernels = .best
  ) {
    require(matrix.rank == 2, "a product takes a matrix on the right, not the shape \(matrix.shape)")
    let layout = matrix.layout.matrix
    self.init(
      x, matrix.kernelMatrix(layout), layout.rows, layout.columns, matrix.storage.memory, bias, epilogue, kernels)
  }

  /// alpha · a · b of matrices, each of which may be read as its transpose. Sums are added up in the order that is fastest for the
  /// number of rows.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package init(
    reordering a: Tensor<Scalar>, _ b: Tensor<Scalar>, transposingFirst: Bool = false, transposingSecond: Bool = false,
    alpha: Scalar = 1, kernels: Kernels = .best
  ) {
    require(a.rank == 2 && b.rank == 2, "a product takes matrices, not the shapes \(a.shape) and \(b.shape)")
    let left = a.layout.matrix(transposed: transposingFirst)
    let right = b.layout.matrix(transposed: transposingSecond)
    require(
      left.columns == right.rows,
      "a product of \([left.rows, left.columns]) and \([right.rows, right.columns]): the first's last axis must be as long as the second's first"
    )
    rowAxes = nil
    windows = nil
    self.kernels = kernels
    call = ck_matrix_product(
      rows: left.rows, steps: left.columns, columns: right.columns, left: a.kernelMatrix(left),
      windows: nil, transposes_windows: false, right: b.kernelMatrix(right), right_has_taps: false, packed: nil,
      transformed: nil, alpha: Double(alpha), beta: 0, bias: nil, activates: false, activation: ck_rectifier,
      parameters: .none,
      result: UnsafeMutableRawPointer(a.storage.base),
      result_row: right.columns, preactivation: nil, preactivation_row: right.columns, sums_in_any_order: true)
    owners = (a.storage.memory, b.storage.memory, nil)
  }

  private init(
    _ x: Tensor<Scalar>, _ right: ck_matrix, _ steps: Int, _ columns: Int, _ owner: Memory, _ bias: Tensor<Scalar>?,
    _ epilogue: ProductEpilogue, _ kernels: Kernels
  ) {
    let axes = x.layout.shape
    let rank = axes.count
    require(
      rank >= 1 && axes[rank - 1] == steps,
      "a product of \(x.shape) and \([steps, columns]): the first's last axis must be as long as the second's first")
    var left: (memory: Memory, start: UnsafeMutablePointer<Scalar>, layout: MatrixLayout)
    if rank > 2 {
      let rows = x.rowMatrix
      left = (rows.storage.memory, rows.storage.base + rows.layout.offset, rows.layout.matrix)
    } else {
      let layout = MatrixLayout(
        rows: rank == 1 ? 1 : axes[0], columns: steps, rowStride: rank == 1 ? steps : x.layout.strides[0],
        columnStride: x.layout.strides[rank - 1])
      left = (x.storage.memory, x.storage.base + x.layout.offset, layout)
    }
    self.init(
      left.memory, left.start, left.layout, axes: rank == 2 ? nil : axes, windows: nil, right, columns, owner, bias,
      epilogue, kernels)
  }

  /// - Parameter left: how the left operand lies; of windows, its rows and columns alone.
  /// - Parameter axes: the shape of the left operand, where it is no matrix.
  @inline(__always)
  init(
    _ leftMemory: Memory, _ start: UnsafeMutablePointer<Scalar>, _ left: MatrixLayout, axes: [Int]?,
    windows: ProductWindows?, _ right: ck_matrix, _ columns: Int, _ rightMemory: Memory, _ bias: Tensor<Scalar>?,
    _ epilogue: ProductEpilogue, _ kernels: Kernels
  ) {
    rowAxes = axes
    self.kernels = kernels
    self.windows = windows
    var biasMemory: Memory?
    var biasStart: UnsafeRawPointer?
    if let bias {
      require(
        bias.rank == 1 && bias.layout.shape[0] == columns,
        "a bias of \(bias.shape) does not fit a product of \(columns) columns")
      let bias = columns == 1 || bias.layout.strides[0] == 1 ? bias : bias.copied()
      biasMemory = bias.storage.memory
      biasStart = UnsafeRawPointer(bias.storage.base + bias.layout.offset)
    }
    call = ck_matrix_product(
      rows: left.rows, steps: left.columns, columns: columns,
      left: ck_matrix(data: start, row: left.rowStride, column: left.columnStride), windows: nil,
      transposes_windows: false, right: right, right_has_taps: false, packed: nil, transformed: nil, alpha: 1, beta: 0,
      bias: biasStart,
      activates: epilogue.function != nil, activation: epilogue.function ?? ck_rectifier,
      parameters: epilogue.parameters, result: UnsafeMutableRawPointer(start), result_row: columns, preactivation: nil,
      preactivation_row: columns, sums_in_any_order: false)
    owners = (leftMemory, rightMemory, biasMemory)
  }

  // MARK: Results

  /// The result's memory is used where nobody else holds it and its shape fits; else the result is replaced. Then a call
  /// allocates nothing.
  /// - Complexity: O(rows · k · n)
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package consuming func write(to result: inout Tensor<Scalar>) {
    makeRoom(in: &result)
    result.overwriteOwn { run(&$0, nil) }
  }

  /// The same, and preactivation = x · matrix + bias, in its own memory as the result.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package consuming func write(to result: inout Tensor<Scalar>, preactivation: inout Tensor<Scalar>) {
    makeRoom(in: &preactivation)
    makeRoom(in: &result)
    preactivation.overwriteOwn { preactivation in result.overwriteOwn { run(&$0, preactivation.start) } }
  }

  /// sum = this product + beta · sum, of any layout. With beta 0 the old sum is not read, NaN included, and is replaced where it does not
  /// fit; else its shape must be that of the product.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package consuming func add(to sum: inout Tensor<Scalar>, times beta: Scalar) {
    if beta == 0 { return write(to: &sum) }
    require(
      fits(sum.layout), "a product of the shape \([call.rows, call.columns]) cannot be added to the shape \(sum.shape)")
    call.beta = Double(beta)
    sum.makeUnique()
    if sum.layout.strides[0] != 1 && sum.layout.strides[1] != 1 { sum = sum.copied() }
    let isTransposed = sum.layout.strides[1] != 1 && call.columns != 1
    if isTransposed { transpose() }
    sum.overwrite { run(&$0, nil, rowAxis: isTransposed ? 1 : 0) }
  }

  /// Columns of the result = this product + beta · what is there, in the order of their rows, from `column` on. With beta 0, what is there
  /// is not read.
  /// - Precondition: the result is contiguous, and has as many rows as the product.
  package consuming func write(columnsFrom column: Int, of result: inout Tensor<Scalar>, times beta: Scalar = 0) {
    let columns = result.layout.shape[result.rank - 1]
    require(
      result.layout.isContiguous && result.count == call.rows * columns && column + call.columns <= columns,
      "a product of the shape \([call.rows, call.columns]) in columns of the shape \(result.shape) from \(column) on")
    call.beta = Double(beta)
    result.overwrite { compute(into: $0.start + column, row: columns, nil) }
  }

  /// Of the operands' transposes in reverse order: the transpose of the product.
  private mutating func transpose() {
    (call.rows, call.columns) = (call.columns, call.rows)
    (call.left, call.right) = (call.right.transposed, call.left.transposed)
    call.sums_in_any_order = false
  }

  /// Whether this is the shape of the product.
  private borrowing func fits(_ result: Layout) -> Bool {
    guard let rowAxes else {
      return result.rank == 2 && result.shape[0] == call.rows && result.shape[1] == call.columns
    }
    let last = rowAxes.count - 1
    guard result.rank == rowAxes.count && result.shape[last] == call.columns else { return false }
    for axis in 0..<last where result.shape[axis] != rowAxes[axis] { return false }
    return true
  }

  /// Makes this tensor one that the product can be written to: row-major and its own, in the shape [..., columns] of the rows.
  private borrowing func makeRoom(in tensor: inout Tensor<Scalar>) {
    if fits(tensor.layout) && tensor.layout.isContiguous && tensor.isWritable { return }
    let rows = rowAxes.map { Array($0.dropLast()) } ?? [call.rows]
    tensor = Tensor(uninitialized: rows + [call.columns])
  }

  /// Computes into results that have the right shape, and unit stride along the other axis than that of the product's rows.
  private mutating func run(
    _ result: inout Destination<Scalar>, _ preactivation: UnsafeMutablePointer<Scalar>?, rowAxis: Int = 0
  ) {
    let isMatrix = result.layout.rank == 2 && call.rows > 1
    compute(into: result.start, row: isMatrix ? result.layout.strides[rowAxis] : call.columns, preactivation)
  }

  private mutating func compute(
    into result: UnsafeMutablePointer<Scalar>, row: Int, _ preactivation: UnsafeMutablePointer<Scalar>?
  ) {
    call.result = UnsafeMutableRawPointer(result)
    call.result_row = row
    call.preactivation = preactivation.map { UnsafeMutableRawPointer($0) }
    if let windows {
      withUnsafePointer(to: &windows.value) {
        call.windows = $0
        ck_multiply_matrices(kernels.table, Scalar.elementType.kernelType, &call)
      }
    } else {
      ck_multiply_matrices(kernels.table, Scalar.elementType.kernelType, &call)
    }
    withExtendedLifetime(owners) {}
  }
}

/// The windows of a product's left operand, beside the product: most products have none, and they are moved often.
final class ProductWindows {
  fileprivate var value: ck_windows
  private let transformed: Memory?

  /// - Parameter transformed: a kernel's transform, which is kept.
  init(_ value: ck_windows, transformed: Memory? = nil) {
    self.value = value
    self.transformed = transformed
  }
}

extension ck_matrix {
  fileprivate var transposed: ck_matrix { ck_matrix(data: data, row: column, column: row) }
}

extension Tensor where Scalar: RealScalar {
  /// [..., n] as a matrix of rows: a view where the layout allows it, else a copy.
  package var rowMatrix: Tensor {
    if rank == 2 { return self }
    require(rank >= 1, "a tensor of rank 0 has no rows")
    return reshaped([layout.shape.dropLast().reduce(1, *), layout.shape[rank - 1]])
  }

  func kernelMatrix(_ layout: MatrixLayout) -> ck_matrix {
    ck_matrix(data: storage.base + self.layout.offset, row: layout.rowStride, column: layout.columnStride)
  }
}
