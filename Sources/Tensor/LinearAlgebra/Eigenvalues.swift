// Eigenvalues and eigenvectors, by LAPACK. Axes before the last two are batches.

extension Tensor where Scalar: RealScalar {
  /// Eigenvalues of symmetric matrices, ascending, and orthonormal eigenvectors as columns: [n, n] gives [n] and [n, n],
  /// self · vectors = vectors · diag(values). Only the lower triangle of self is read.
  ///
  /// Throws ``LinearAlgebraError/notConverged(operation:shape:matrix:)``, and if an element is not finite.
  /// LAPACK: `syevd`.
  /// - Precondition: the matrices are square.
  /// - Complexity: O(n³) per matrix; one copy, which becomes the vectors.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func eigenSymmetric() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    _ = squareOrder("eigenSymmetric")
    let matrices = MatrixBatch(self)
    let values = try matrices.symmetricEigenvalues("eigenSymmetric", job: .job("V"))
    let vectors = matrices.finish()
    // They lie one after the other.
    return (values, vectors.view(MatrixBatch<Scalar>.layout(vectors.shape, .columnMajor)))
  }

  /// Eigenvalues of symmetric matrices, ascending. As ``eigenSymmetric()``, without the vectors.
  public consuming func eigenvaluesSymmetric() throws(LinearAlgebraError) -> Tensor {
    _ = squareOrder("eigenvaluesSymmetric")
    return try MatrixBatch(self).symmetricEigenvalues("eigenvaluesSymmetric", job: .job("N"))
  }

  /// Eigenvalues of general matrices, in no particular order, pairs of conjugates next to each other: [n, n] gives [n].
  ///
  /// Throws ``LinearAlgebraError/notConverged(operation:shape:matrix:)``, and if an element is not finite.
  /// LAPACK: `geev`.
  /// - Precondition: the matrices are square.
  public consuming func eigenvalues() throws(LinearAlgebraError) -> (real: Tensor, imaginary: Tensor) {
    let n = squareOrder("eigenvalues")
    // The transpose has the same eigenvalues.
    let matrices = MatrixBatch(self)
    return try matrices.eigenvalues(n, "eigenvalues", vectors: nil)
  }

  /// Eigenvalues and eigenvectors of general matrices, as real and imaginary parts; the vectors are columns of length 1,
  /// self · vectors = vectors · diag(values). Throws as ``eigenvalues()``.
  public consuming func eigen() throws(LinearAlgebraError) -> (
    values: (real: Tensor, imaginary: Tensor), vectors: (real: Tensor, imaginary: Tensor)
  ) {
    let n = squareOrder("eigen")
    let matrices = MatrixBatch(self, .columnMajor)
    let vectors = MatrixBatch<Scalar>(uninitialized: matrices.shape, .columnMajor)
    let values = try matrices.eigenvalues(n, "eigen", vectors: vectors[0])
    // LAPACK leaves a pair of conjugates as real part and imaginary part in two columns.
    let imaginary = MatrixBatch<Scalar>(.zeros([]), broadcastTo: matrices.shape, .columnMajor)
    for line in 0..<(matrices.count * n) where values.imaginary.start[line] > 0 {
      let (first, second) = (vectors[0] + line * n, vectors[0] + (line + 1) * n)
      let target = imaginary[0] + line * n
      target.update(from: second, count: n)
      (target + n).update(from: second, count: n)
      Scalar.blas.scal(Int32(n), -1, target + n, 1)
      second.update(from: first, count: n)
    }
    withExtendedLifetime(values) {}
    return (values, (vectors.finish(), imaginary.finish()))
  }
}

extension MatrixBatch {
  fileprivate func symmetricEigenvalues(_ operation: String, job: CChar) throws(LinearAlgebraError) -> Tensor<Scalar> {
    let n = rows
    let values = Destination<Scalar>(Layout(contiguous: batchShape + [n]))
    if isEmpty { return values.finish() }
    guard isFinite else { throw .notFinite(operation: operation, shape: shape) }
    let uplo: CChar = order == .rowMajor ? .job("U") : .job("L")
    let work = Storage<Scalar>(count: 1 + 70 * n + 2 * n * n)
    let integerWork = Storage<Int32>(count: 3 + 5 * n)
    let lapack = Scalar.lapack
    for index in 0..<count {
      let info = lapack.syevd(
        job, uplo, Int32(n), self[index], Int32(n), values.start + index * n, work.base, Int32(work.count),
        integerWork.base, Int32(integerWork.count))
      precondition(info >= 0, "syevd: argument \(-info)")
      if info > 0 { throw .notConverged(operation: operation, shape: shape, matrix: position(index)) }
    }
    withExtendedLifetime((work, integerWork)) {}
    return values.finish()
  }

  fileprivate func eigenvalues(
    _ n: Int, _ operation: String, vectors: UnsafeMutablePointer<Scalar>?
  ) throws(LinearAlgebraError) -> (real: Tensor<Scalar>, imaginary: Tensor<Scalar>) {
    let lines = Layout(contiguous: batchShape + [n])
    let real = Destination<Scalar>(lines)
    let imaginary = Destination<Scalar>(lines)
    if isEmpty { return (real.finish(), imaginary.finish()) }
    guard isFinite else { throw .notFinite(operation: operation, shape: shape) }
    let work = Storage<Scalar>(count: 68 * n)
    let (lapack, order) = (Scalar.lapack, Int32(n))
    for index in 0..<count {
      let info = lapack.geev(
        .job("N"), vectors == nil ? .job("N") : .job("V"), order, self[index], order, real.start + index * n,
        imaginary.start + index * n, work.base, order, vectors.map { $0 + index * size } ?? work.base, order, work.base,
        Int32(work.count))
      precondition(info >= 0, "geev: argument \(-info)")
      if info > 0 { throw .notConverged(operation: operation, shape: shape, matrix: position(index)) }
    }
    withExtendedLifetime(work) {}
    return (real.finish(), imaginary.finish())
  }
}
