// Decompositions, by LAPACK. Axes before the last two are batches, as in NumPy.

extension Tensor where Scalar: RealScalar {
  /// The lower triangular L with self = L · Lᵀ for symmetric positive definite matrices. Only the lower triangle of self
  /// is read.
  ///
  /// Throws ``LinearAlgebraError/notPositiveDefinite(minor:shape:matrix:)``, for NaN too. LAPACK: `potrf`.
  /// - Precondition: the matrices are square.
  /// - Complexity: O(n³) per matrix; one copy, which becomes the result.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func cholesky() throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder("cholesky")
    let matrices = MatrixBatch(self)
    if n == 0 { return matrices.finish() }
    // A row-major lower triangle is, to LAPACK, an upper one.
    let uplo: CChar = matrices.order == .rowMajor ? .job("U") : .job("L")
    let lapack = Scalar.lapack
    for index in 0..<matrices.count {
      let matrix = matrices[index]
      var info = Int(lapack.potrf(uplo, Int32(n), matrix, Int32(n)))
      // OpenBLAS takes NaN for positive.
      if info == 0 { info = (0..<n).first { matrix[$0 * (n + 1)].isNaN }.map { $0 + 1 } ?? 0 }
      if info > 0 {
        throw .notPositiveDefinite(minor: info, shape: matrices.shape, matrix: matrices.position(index))
      }
    }
    matrices.clearAboveDiagonal()
    return matrices.finish()
  }

  /// How many columns Q has.
  @nonexhaustive
  public enum QRMode: Hashable, Sendable {
    /// For [m, n]: Q [m, min(m, n)] and R [min(m, n), n].
    case reduced
    /// For [m, n]: Q [m, m] and R [m, n].
    case complete
  }

  /// self = Q · R with orthonormal columns in Q and an upper triangular R. LAPACK: `geqrf`, `orgqr`.
  /// - Complexity: O(m n min(m, n)) per matrix; one copy, which becomes Q, and R.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func qr(_ mode: QRMode = .reduced) -> (q: Tensor, r: Tensor) {
    requireMatrices("qr")
    let batch = Array(shape.dropLast(2))
    let (m, n) = (layout.matrix.rows, layout.matrix.columns)
    let k = Swift.min(m, n)
    let qColumns = mode == .complete ? m : k
    let a = MatrixBatch(self, .columnMajor)
    // Where Q has as many columns as the matrices, it takes their place.
    let takesPlace = qColumns == n
    let q = MatrixBatch<Scalar>(uninitialized: batch + [m, takesPlace ? 0 : qColumns], .columnMajor)
    let r = MatrixBatch<Scalar>(uninitialized: batch + [qColumns, n], .columnMajor)
    let tau = Storage<Scalar>(count: k)
    let work = Storage<Scalar>(count: 64 * Swift.max(n, qColumns, 1))
    let (lapack, leading, workCount) = (Scalar.lapack, Int32(Swift.max(m, 1)), Int32(work.count))
    for index in 0..<a.count {
      let (factors, qStart, rStart) = (a[index], takesPlace ? a[index] : q[index], r[index])
      var info = lapack.geqrf(Int32(m), Int32(n), factors, leading, tau.base, work.base, workCount)
      assert(info == 0)
      for column in 0..<n {
        let kept = Swift.min(column + 1, k)
        (rStart + column * qColumns).update(from: factors + column * m, count: kept)
        (rStart + column * qColumns + kept).update(repeating: 0, count: qColumns - kept)
      }
      if !takesPlace { qStart.update(from: factors, count: m * Swift.min(n, qColumns)) }
      info = lapack.orgqr(
        Int32(m), Int32(qColumns), Int32(k), qStart, leading, tau.base, work.base, workCount)
      assert(info == 0)
    }
    withExtendedLifetime((tau, work)) {}
    if takesPlace { return (a.finish(), r.finish()) }
    withExtendedLifetime(a) {}
    return (q.finish(), r.finish())
  }

  /// self = U · diag(s) · Vᵀ with orthonormal columns in U and V and s descending: for [m, n] and k = min(m, n) U is
  /// [m, k], s is [k], Vᵀ is [k, n]; with `fullMatrices` U is [m, m] and Vᵀ is [n, n].
  ///
  /// Throws ``LinearAlgebraError/notConverged(operation:shape:matrix:)``, and where an element is not finite.
  /// LAPACK: `gesdd`.
  /// - Complexity: O(m n min(m, n)) per matrix; one copy, and the results.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func svd(
    fullMatrices: Bool = false
  ) throws(LinearAlgebraError) -> (u: Tensor, singularValues: Tensor, vTransposed: Tensor) {
    requireMatrices("svd")
    let batch = Array(shape.dropLast(2))
    let (m, n) = (layout.matrix.rows, layout.matrix.columns)
    let k = Swift.min(m, n)
    let a = MatrixBatch(self)
    let u = MatrixBatch<Scalar>(uninitialized: batch + [m, fullMatrices ? m : k], a.order)
    let vTransposed = MatrixBatch<Scalar>(uninitialized: batch + [fullMatrices ? n : k, n], a.order)
    if k == 0 {
      func identities(_ order: Int) -> Tensor { .identity(order).broadcast(to: batch + [order, order]).copied() }
      return fullMatrices
        ? (identities(m), .zeros(batch + [0]), identities(n)) : (u.finish(), .zeros(batch + [0]), vTransposed.finish())
    }
    let values = try a.singularValues((u[0], u.size), (vTransposed[0], vTransposed.size), full: fullMatrices)
    return (u.finish(), values, vTransposed.finish())
  }

  /// The singular values in descending order: [m, n] gives [min(m, n)]. Throws as ``svd(fullMatrices:)``.
  public consuming func singularValues() throws(LinearAlgebraError) -> Tensor {
    requireMatrices("singularValues")
    return try MatrixBatch(self).singularValues(nil, nil, full: false)
  }
}

extension MatrixBatch {
  /// Singular values; the vectors go to matrices u and vᵀ, which have this batch's order and so many elements each. Overwrites the
  /// matrices.
  fileprivate consuming func singularValues(
    _ u: (start: UnsafeMutablePointer<Scalar>, size: Int)?,
    _ vTransposed: (start: UnsafeMutablePointer<Scalar>, size: Int)?, full: Bool
  ) throws(LinearAlgebraError) -> Tensor<Scalar> {
    // Row-major memory is the transpose: U and V change their places, each row-major again.
    let isTransposed = order == .rowMajor
    let (m, n) = isTransposed ? (columns, rows) : (rows, columns)
    let k = min(m, n)
    let values = Destination<Scalar>(Layout(contiguous: batchShape + [k]))
    if k == 0 { return values.finish() }
    guard isFinite else { throw .notFinite(operation: "svd", shape: shape) }
    let (left, right) = isTransposed ? (vTransposed, u) : (u, vTransposed)
    let job: CChar = u == nil ? .job("N") : full ? .job("A") : .job("S")
    let leadingRight = full ? n : k
    // The sizes with which every path of gesdd runs blocked.
    let work = Storage<Scalar>(count: 5 * k * k + 10 * k + 64 * (m + n))
    let integerWork = Storage<Int32>(count: 8 * k)
    let lapack = Scalar.lapack
    for index in 0..<count {
      let info = lapack.gesdd(
        job, Int32(m), Int32(n), self[index], Int32(m), values.start + index * k,
        left.map { $0.start + index * $0.size } ?? work.base, Int32(m),
        right.map { $0.start + index * $0.size } ?? work.base, Int32(leadingRight), work.base, Int32(work.count),
        integerWork.base)
      precondition(info >= 0, "gesdd: argument \(-info)")
      if info > 0 { throw .notConverged(operation: "svd", shape: shape, matrix: position(index)) }
    }
    withExtendedLifetime((work, integerWork)) {}
    return values.finish()
  }
}
