package import CKernels

// Products of a dense layer: by the package's own kernels, with bias and activation while a block is in cache. A row's result
// does not depend on the other rows, on whether the right operand was packed, or on the number of threads.

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

extension Tensor where Scalar: RealScalar {
  /// result = epilogue(x · matrix + bias), to the bit what the three give one after another.
  ///
  /// The result's memory is used where nobody else holds it and its shape fits; else the result is replaced. Then a call
  /// allocates nothing.
  /// - Parameter x: [..., k], read as it lies; copied only where its rows do not lie at equal distances.
  /// - Parameter bias: [n]
  /// - Complexity: O(rows · k · n)
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func product(
    _ x: Tensor, _ matrix: PackedMatrix<Scalar>, bias: Tensor? = nil, epilogue: ProductEpilogue = .identity,
    into result: inout Tensor
  ) {
    let operands = ProductOperands(x, matrix, bias)
    result.makeRoom(for: operands)
    operands.compute(epilogue, result, preactivation: nil)
  }

  /// The same for a matrix [k, n] that changes from call to call: it is packed on the way, or read as it lies by few rows.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func product(
    _ x: Tensor, _ matrix: Tensor, bias: Tensor? = nil, epilogue: ProductEpilogue = .identity,
    into result: inout Tensor, kernels: Kernels = .best
  ) {
    let operands = ProductOperands(x, matrix, bias, kernels)
    result.makeRoom(for: operands)
    operands.compute(epilogue, result, preactivation: nil)
  }

  /// The same, and preactivation = x · matrix + bias, in its own memory as the result.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func product(
    _ x: Tensor, _ matrix: PackedMatrix<Scalar>, bias: Tensor?, epilogue: ProductEpilogue,
    preactivation: inout Tensor, into result: inout Tensor
  ) {
    let operands = ProductOperands(x, matrix, bias)
    preactivation.makeRoom(for: operands)
    result.makeRoom(for: operands)
    operands.compute(epilogue, result, preactivation: preactivation)
  }

  /// The same for a matrix [k, n] that changes from call to call.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func product(
    _ x: Tensor, _ matrix: Tensor, bias: Tensor?, epilogue: ProductEpilogue, preactivation: inout Tensor,
    into result: inout Tensor, kernels: Kernels = .best
  ) {
    let operands = ProductOperands(x, matrix, bias, kernels)
    preactivation.makeRoom(for: operands)
    result.makeRoom(for: operands)
    operands.compute(epilogue, result, preactivation: preactivation)
  }

  /// result = alpha · a · b + beta · result for matrices of any layout, each of which may be read as its transpose. Sums are added up
  /// in the order that is fastest for the number of rows.
  ///
  /// With beta 0 the old result is not read, NaN included, and is replaced where it does not fit; else its shape must be that of
  /// the product.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func multiply(
    _ a: Tensor, _ b: Tensor, transposingFirst: Bool = false, transposingSecond: Bool = false,
    alpha: Scalar = 1, beta: Scalar = 0, into result: inout Tensor, kernels: Kernels = .best
  ) {
    require(
      a.rank == 2 && b.rank == 2, "multiply takes matrices, not the shapes \(a.shape) and \(b.shape)")
    let (left, right) = (
      a.layout.matrix(transposed: transposingFirst), b.layout.matrix(transposed: transposingSecond)
    )
    var operands = ProductOperands(a, left, b, right, kernels)
    operands.call.alpha = Double(alpha)
    operands.call.beta = Double(beta)
    operands.call.sums_in_any_order = true
    if beta == 0 {
      result.makeRoom(for: operands)
      return operands.compute(.identity, result, preactivation: nil)
    }
    require(
      result.rank == 2 && result.layout.shape[0] == operands.call.rows
        && result.layout.shape[1] == operands.call.columns,
      "multiply: the product of \(a.shape) and \(b.shape) does not have the shape \(result.shape) of the sum")
    result.makeUnique()
    if result.layout.strides[0] != 1 && result.layout.strides[1] != 1 { result = result.copied() }
    if result.layout.strides[1] == 1 || operands.call.columns == 1 {
      operands.compute(.identity, result, preactivation: nil)
    } else {
      // resultᵀ = bᵀ aᵀ
      var transposed = ProductOperands(b, right.transposed, a, left.transposed, kernels)
      transposed.call.alpha = Double(alpha)
      transposed.call.beta = Double(beta)
      transposed.compute(.identity, result.transposed, preactivation: nil)
    }
  }

  /// [..., n] as a matrix of rows: a view where the layout allows it, else a copy.
  package var rowMatrix: Tensor {
    if rank == 2 { return self }
    require(rank >= 1, "a tensor of rank 0 has no rows")
    return reshaped([layout.shape.dropLast().reduce(1, *), layout.shape[rank - 1]])
  }

  /// Makes this tensor one that a product can be written to: row-major, in the shape [..., columns] of the rows, and its own.
  fileprivate mutating func makeRoom(for operands: ProductOperands) {
    if operands.fit(layout) && layout.isContiguous && storage.isExclusive { return }
    let rows = operands.rowAxes.map { Array($0.dropLast()) } ?? [operands.call.rows]
    self = Tensor(uninitialized: rows + [operands.call.columns])
  }

  func kernelMatrix(_ layout: MatrixLayout) -> ck_matrix {
    ck_matrix(data: storage.base + self.layout.offset, row: layout.rowStride, column: layout.columnStride)
  }
}

/// A product that is ready but for its result. Without the element type, so that no metadata have to be looked up.
private struct ProductOperands {
  /// The shape of the left operand, where it is no matrix.
  let rowAxes: [Int]?
  let kernels: Kernels
  let type: ck_type
  var call: ck_matrix_product
  private let owners: (Memory, Memory, Memory?)

  init<Scalar>(_ x: Tensor<Scalar>, _ matrix: PackedMatrix<Scalar>, _ bias: Tensor<Scalar>?) {
    // Nobody reads the right operand where there is a packed one.
    let right = ck_matrix(data: matrix.storage.base, row: 0, column: 0)
    self.init(x, right, matrix.rows, matrix.columns, matrix.storage.memory, bias, matrix.kernels)
    call.packed = UnsafeRawPointer(matrix.storage.base)
  }

  init<Scalar: RealScalar>(
    _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ kernels: Kernels
  ) {
    require(matrix.rank == 2, "a product takes a matrix on the right, not the shape \(matrix.shape)")
    let layout = matrix.layout.matrix
    self.init(x, matrix.kernelMatrix(layout), layout.rows, layout.columns, matrix.storage.memory, bias, kernels)
  }

  /// Of matrices as they are given, not as the tensors lie.
  init<Scalar: RealScalar>(
    _ a: Tensor<Scalar>, _ left: MatrixLayout, _ b: Tensor<Scalar>, _ right: MatrixLayout, _ kernels: Kernels
  ) {
    require(
      left.columns == right.rows,
      "a product of \([left.rows, left.columns]) and \([right.rows, right.columns]): the first's last axis must be as long as the second's first"
    )
    rowAxes = nil
    self.kernels = kernels
    type = Scalar.elementType.kernelType
    call = ck_matrix_product(
      rows: left.rows, steps: left.columns, columns: right.columns, left: a.kernelMatrix(left),
      right: b.kernelMatrix(right), packed: nil, alpha: 1, beta: 0, bias: nil, activates: false,
      activation: ck_rectifier, parameters: .none, result: UnsafeMutableRawPointer(a.storage.base),
      result_row: right.columns, preactivation: nil, preactivation_row: right.columns, sums_in_any_order: false)
    owners = (a.storage.memory, b.storage.memory, nil)
  }

  private init<Scalar: RealScalar>(
    _ x: Tensor<Scalar>, _ right: ck_matrix, _ steps: Int, _ columns: Int, _ owner: Memory, _ bias: Tensor<Scalar>?,
    _ kernels: Kernels
  ) {
    let axes = x.layout.shape
    let rank = axes.count
    rowAxes = rank == 2 ? nil : axes
    require(
      rank >= 1 && axes[rank - 1] == steps,
      "a product of \(x.shape) and \([steps, columns]): the first's last axis must be as long as the second's first")
    self.kernels = kernels
    type = Scalar.elementType.kernelType
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
      rows: left.layout.rows, steps: steps, columns: columns,
      left: ck_matrix(data: left.start, row: left.layout.rowStride, column: left.layout.columnStride), right: right,
      packed: nil, alpha: 1, beta: 0, bias: biasStart, activates: false, activation: ck_rectifier, parameters: .none,
      result: UnsafeMutableRawPointer(left.start), result_row: columns, preactivation: nil, preactivation_row: columns,
      sums_in_any_order: false)
    owners = (left.memory, owner, biasMemory)
  }

  /// Whether this is the shape of the product.
  func fit(_ result: Layout) -> Bool {
    guard let rowAxes else {
      return result.rank == 2 && result.shape[0] == call.rows && result.shape[1] == call.columns
    }
    let last = rowAxes.count - 1
    guard result.rank == rowAxes.count && result.shape[last] == call.columns else { return false }
    for axis in 0..<last where result.shape[axis] != rowAxes[axis] { return false }
    return true
  }

  /// Computes into results that have the right shape, unit stride along their last axis, and no other holder.
  func compute<Scalar>(_ epilogue: ProductEpilogue, _ result: Tensor<Scalar>, preactivation: Tensor<Scalar>?) {
    var call = call
    if let function = epilogue.function {
      call.activates = true
      call.activation = function
      call.parameters = epilogue.parameters
    }
    call.result = UnsafeMutableRawPointer(result.storage.base + result.layout.offset)
    if result.layout.rank == 2 && call.rows > 1 { call.result_row = result.layout.strides[0] }
    if let preactivation {
      call.preactivation = UnsafeMutableRawPointer(preactivation.storage.base + preactivation.layout.offset)
    }
    ck_multiply_matrices(kernels.table, type, &call)
    withExtendedLifetime((owners, result.storage.memory, preactivation?.storage.memory)) {}
  }
}
