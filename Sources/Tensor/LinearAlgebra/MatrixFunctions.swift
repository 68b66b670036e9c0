// What follows from solutions and decompositions.

extension Tensor where Scalar: RealScalar {
  /// The x of least |self · x - b|, and of these the shortest: [m, n] and [m] give [n], [m, n] and [m, k] give [n, k].
  ///
  /// Singular values below `tolerance` times the largest count as zero; by default the precision times max(m, n).
  /// Throws if the singular values do not converge or an element is not finite. LAPACK: `gelsd`.
  /// - Precondition: the shapes are compatible; there are no batches.
  public consuming func leastSquares(
    _ b: Tensor, tolerance: Scalar? = nil
  ) throws(LinearAlgebraError) -> (solution: Tensor, rank: Int, singularValues: Tensor) {
    require(
      rank == 2 && (1...2).contains(b.rank) && shape[0] == b.shape[0],
      "leastSquares: the shapes \(shape) and \(b.shape) do not fit; [m, n] takes [m] or [m, k]")
    let (m, n) = (shape[0], shape[1])
    let right = b.rank == 1 ? b.expanded(axis: 1) : b
    let columns = right.shape[1]
    let k = Swift.min(m, n)
    if columns == 0 && k > 0 {
      // LAPACK says nothing about the rank when there is nothing to solve.
      let (solution, rank, values) = try leastSquares(.zeros([m, 1]), tolerance: tolerance)
      return (solution[0..., 0..<0], rank, values)
    }
    if k == 0 { return (b.rank == 1 ? .zeros([n]) : .zeros([n, columns]), 0, .zeros([0])) }
    let a = MatrixBatch(self, .columnMajor)
    // The solution takes the place of b, in columns of max(m, n).
    var widened = Tensor.zeros([Swift.max(m, n), columns])
    widened[0..<m] = right
    let x = MatrixBatch(widened, .columnMajor)
    guard a.isFinite && x.isFinite else { throw .notFinite(operation: "leastSquares", shape: a.shape) }
    let cutoff = Double(tolerance ?? Scalar(Swift.max(m, n)) * Scalar.ulpOfOne)
    let singularValues = Destination<Scalar>(Layout(contiguous: [k]))
    var effectiveRank: Int32 = 0
    let (matrix, solutions, rows, values) = (a[0], x[0], Int32(x.rows), singularValues.start)
    func run(_ work: UnsafeMutablePointer<Scalar>, _ count: Int, _ integers: UnsafeMutablePointer<Int32>) -> Int32 {
      Scalar.lapack.gelsd(
        Int32(m), Int32(n), Int32(columns), matrix, Int32(m), solutions, rows, values, cutoff, &effectiveRank, work,
        Int32(count), integers)
    }
    let size = Storage<Scalar>(count: 1)
    let integerSize = Storage<Int32>(count: 1)
    var info = run(size.base, -1, integerSize.base)
    precondition(info == 0, "gelsd: argument \(-info)")
    let work = Storage<Scalar>(count: Int(size.base[0]))
    let integerWork = Storage<Int32>(count: Int(integerSize.base[0]))
    info = run(work.base, work.count, integerWork.base)
    if info > 0 { throw .notConverged(operation: "leastSquares", shape: a.shape, matrix: []) }
    withExtendedLifetime((size, integerSize, work, integerWork)) {}
    withExtendedLifetime(a) {}
    let solution = x.finish()[0..<n]
    return (b.rank == 1 ? solution.squeezed(axis: 1) : solution, Int(effectiveRank), singularValues.finish())
  }

  /// The Moore-Penrose inverse: [m, n] gives [n, m]; batches. Singular values up to `tolerance` times the largest count as
  /// zero; by default the precision times max(m, n). Throws as ``svd(fullMatrices:)``.
  public consuming func pseudoInverse(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor {
    requireMatrices("pseudoInverse")
    let cutoff = tolerance ?? defaultTolerance
    let (u, values, vTransposed) = try svd()
    if values.isEmpty { return vTransposed.matrixTransposed.matmul(u.matrixTransposed) }
    let significant = values .> values.max(axis: -1, keepDimensions: true) * cutoff
    let inverses = Tensor.where(significant, values.reciprocal(), Tensor(0 as Scalar))
    return vTransposed.matrixTransposed.matmul(inverses.expanded(axis: -1) * u.matrixTransposed)
  }

  /// The number of singular values above `tolerance` times the largest; by default the precision times max(m, n).
  /// Batches. Throws as ``svd(fullMatrices:)``.
  public consuming func matrixRank(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor<Int64> {
    requireMatrices("matrixRank")
    let cutoff = tolerance ?? defaultTolerance
    let values = try singularValues()
    if values.isEmpty { return Tensor<Int64>.zeros(Array(values.shape.dropLast())) }
    return (values .> values.max(axis: -1, keepDimensions: true) * cutoff).countTrue(axis: -1)
  }

  /// The largest singular value over the smallest; ∞ for singular matrices. Batches. Throws as ``svd(fullMatrices:)``.
  public consuming func conditionNumber() throws(LinearAlgebraError) -> Tensor {
    requireMatrices("conditionNumber")
    let shape = shape
    let values = try singularValues()
    require(values.shape.last! > 0, "conditionNumber takes matrices with elements, not the shape \(shape)")
    let (largest, smallest) = (values.max(axis: -1), values.min(axis: -1))
    // Of a matrix of zeros too, where the quotient would be NaN.
    return Tensor.where(smallest .== 0, Tensor(.infinity), largest / smallest)
  }

  private var defaultTolerance: Scalar {
    Scalar(Swift.max(layout.matrix.rows, layout.matrix.columns)) * Scalar.ulpOfOne
  }

  /// The matrix multiplied by itself: power 0 is the identity, negative powers are those of the inverse, for which it
  /// throws where the matrix is singular. Batches.
  /// - Precondition: the matrices are square.
  /// - Complexity: O(n³ log |power|).
  public func matrixPower(_ power: Int) throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder("matrixPower")
    if power == 0 { return Tensor.identity(n).broadcast(to: shape).copied() }
    var square = power < 0 ? try inverse() : self
    var rest = power.magnitude
    var result: Tensor? = nil
    while true {
      if rest & 1 == 1 { result = result?.matmul(square) ?? square }
      rest >>= 1
      if rest == 0 { return result! }
      square = square.matmul(square)
    }
  }

  /// The sum of the diagonal of each matrix; `offset` above (positive) or below the main diagonal.
  /// - Precondition: the rank is at least 2.
  public func trace(offset: Int = 0) -> Tensor {
    requireMatrices("trace")
    return diagonal(offset: offset, axis1: -2, axis2: -1).sum(axis: -1)
  }

  /// The Kronecker product: every element of this tensor times the other tensor. [m, n] and [p, q] give [m p, n q]; axes
  /// are aligned at the last one.
  public func kron(_ other: Tensor) -> Tensor {
    let rank = Swift.max(self.rank, other.rank)
    var (a, b) = (layout, other.layout)
    while a.rank < rank { a = a.inserting(axis: 0) }
    while b.rank < rank { b = b.inserting(axis: 0) }
    let shape = Swift.zip(a.shape, b.shape).map {
      exact($0.multipliedReportingOverflow(by: $1), "kron of \(self.shape) and \(other.shape)")
    }
    for axis in (0..<rank).reversed() {
      a = a.inserting(axis: axis + 1)
      b = b.inserting(axis: axis)
    }
    return (view(a) * other.view(b)).contiguous.reshaped(shape)
  }
}
