// Eigenvalues and eigenvectors, by LAPACK. Axes before the last two are batches.

extension Tensor where Scalar: RealScalar {
  /// Eigenvalues of symmetric matrices, ascending, and orthonormal eigenvectors as columns: [n, n] gives [n] and [n, n],
  /// self · vectors = vectors · diag(values). Only the lower triangle of self is read.
  ///
  /// Throws ``LinearAlgebraError/notConverged(operation:shape:matrix:)``, and where an element is not finite; traps where
  /// the matrices are not square. LAPACK: `syevd`.
  /// - Complexity: O(n³) per matrix; one copy, which becomes the vectors.
  public consuming func eigenSymmetric() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    var matrices = MatrixBatch(self)
    let values = try matrices.symmetricEigenvalues("eigenSymmetric", job: .job("V"))
    // The vectors lie one after the other.
    matrices.tensor.layout = MatrixBatch<Scalar>.layout(matrices.tensor.shape, .columnMajor)
    return (values, matrices.tensor)
  }

  /// Eigenvalues of symmetric matrices, ascending. As ``eigenSymmetric()``, without the vectors.
  public consuming func eigenvaluesSymmetric() throws(LinearAlgebraError) -> Tensor {
    try MatrixBatch(self).symmetricEigenvalues("eigenvaluesSymmetric", job: .job("N"))
  }

  /// Eigenvalues of general matrices, in no particular order, pairs of conjugates next to each other: [n, n] gives [n].
  ///
  /// Throws ``LinearAlgebraError/notConverged(operation:shape:matrix:)``, and where an element is not finite; traps where
  /// the matrices are not square. LAPACK: `geev`.
  public consuming func eigenvalues() throws(LinearAlgebraError) -> (real: Tensor, imaginary: Tensor) {
    let n = squareOrder("eigenvalues")
    // The transpose has the same eigenvalues.
    let matrices = MatrixBatch(self)
    let (real, imaginary) = try matrices.eigenvalues(n, "eigenvalues", vectors: nil)
    return (real, imaginary)
  }

  /// Eigenvalues and eigenvectors of general matrices, as real and imaginary parts; the vectors are columns of length 1,
  /// self · vectors = vectors · diag(values). Throws as ``eigenvalues()``.
  public consuming func eigen() throws(LinearAlgebraError) -> (
    values: (real: Tensor, imaginary: Tensor), vectors: (real: Tensor, imaginary: Tensor)
  ) {
    let n = squareOrder("eigen")
    let matrices = MatrixBatch(self, .columnMajor)
    let vectors = MatrixBatch<Scalar>(uninitialized: matrices.tensor.shape, .columnMajor)
    let values = try matrices.eigenvalues(n, "eigen", vectors: vectors)
    // LAPACK leaves a pair of conjugates as real part and imaginary part in two columns.
    let imaginary = MatrixBatch<Scalar>(uninitialized: matrices.tensor.shape, .columnMajor)
    imaginary.tensor.fill(0)
    for line in 0..<(matrices.count * n) where values.imaginary.storage.base[line] > 0 {
      let (first, second) = (vectors[0] + line * n, vectors[0] + (line + 1) * n)
      let target = imaginary[0] + line * n
      target.update(from: second, count: n)
      (target + n).update(from: second, count: n)
      Scalar.blas.scal(Int32(n), -1, target + n, 1)
      second.update(from: first, count: n)
    }
    withExtendedLifetime((values, vectors, imaginary)) {}
    return (values, (vectors.tensor, imaginary.tensor))
  }
}

extension MatrixBatch {
  fileprivate func symmetricEigenvalues(_ operation: String, job: CChar) throws(LinearAlgebraError) -> Tensor<Scalar> {
    let n = tensor.squareOrder(operation)
    let values = Tensor<Scalar>(uninitialized: batchShape + [n])
    if tensor.count == 0 { return values }
    guard isFinite else { throw .notFinite(operation: operation, shape: tensor.shape) }
    let uplo: CChar = order == .rowMajor ? .job("U") : .job("L")
    let work = Storage<Scalar>(count: 1 + 70 * n + 2 * n * n)
    let integerWork = Storage<Int32>(count: 3 + 5 * n)
    let lapack = Scalar.lapack
    for index in 0..<count {
      let info = lapack.syevd(
        job, uplo, Int32(n), self[index], Int32(n), values.storage.base + index * n, work.base, Int32(work.count),
        integerWork.base, Int32(integerWork.count))
      precondition(info >= 0, "syevd: argument \(-info)")
      if info > 0 { throw .notConverged(operation: operation, shape: tensor.shape, matrix: position(index)) }
    }
    withExtendedLifetime((tensor, work, integerWork)) {}
    return values
  }

  fileprivate func eigenvalues(
    _ n: Int, _ operation: String, vectors: MatrixBatch?
  ) throws(LinearAlgebraError) -> (real: Tensor<Scalar>, imaginary: Tensor<Scalar>) {
    let real = Tensor<Scalar>(uninitialized: batchShape + [n])
    let imaginary = Tensor<Scalar>(uninitialized: batchShape + [n])
    if tensor.count == 0 { return (real, imaginary) }
    guard isFinite else { throw .notFinite(operation: operation, shape: tensor.shape) }
    let work = Storage<Scalar>(count: 68 * n)
    let (lapack, order) = (Scalar.lapack, Int32(n))
    for index in 0..<count {
      let info = lapack.geev(
        .job("N"), vectors == nil ? .job("N") : .job("V"), order, self[index], order, real.storage.base + index * n,
        imaginary.storage.base + index * n, work.base, order, vectors?[index] ?? work.base, order, work.base,
        Int32(work.count))
      precondition(info >= 0, "geev: argument \(-info)")
      if info > 0 { throw .notConverged(operation: operation, shape: tensor.shape, matrix: position(index)) }
    }
    withExtendedLifetime((tensor, vectors, work)) {}
    return (real, imaginary)
  }
}
