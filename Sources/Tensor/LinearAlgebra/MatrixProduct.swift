// From tensors to calls of gemm and gemv.

extension Tensor where Scalar: RealScalar {
  /// c = alpha a b + beta c for tensors of rank 2 and more, whose shapes fit; c lies as BLAS takes it and nobody else
  /// holds its storage.
  static func multiply(_ a: Tensor, _ b: Tensor, alpha: Scalar = 1, beta: Scalar = 0, into c: Tensor) {
    let a = a.matrixOperand
    let b = b.matrixOperand
    let (alpha, beta) = (Double(alpha), Double(beta))
    if c.rank == 2 {
      product(
        a.storage.base + a.layout.offset, a.layout.matrix, b.storage.base + b.layout.offset, b.layout.matrix, alpha,
        beta,
        c.storage.base + c.layout.offset, c.layout.matrix)
    } else if let (tallA, tallC) = tallProduct(a, b, c) {
      product(
        a.storage.base + a.layout.offset, tallA, b.storage.base + b.layout.offset, b.layout.matrix, alpha, beta,
        c.storage.base + c.layout.offset, tallC)
    } else {
      let batch = Array(c.shape.dropLast(2))
      let (aBatch, bBatch) = (
        a.layout.droppingLast(2).broadcast(to: batch)!, b.layout.droppingLast(2).broadcast(to: batch)!
      )
      let (aMatrix, bMatrix, cMatrix) = (a.layout.matrix, b.layout.matrix, c.layout.matrix)
      let (aStart, bStart) = (a.storage.base + a.layout.offset, b.storage.base + b.layout.offset)
      let cStart = c.storage.base + c.layout.offset
      Layout.forEachOffset(batch, aBatch.strides, bBatch.strides, Array(c.layout.strides.dropLast(2))) {
        product(aStart + $0, aMatrix, bStart + $1, bMatrix, alpha, beta, cStart + $2, cMatrix)
      }
    }
    withExtendedLifetime((a, b, c)) {}
  }

  /// A batch times one matrix, where the batch lies as one tall matrix.
  private static func tallProduct(_ a: Tensor, _ b: Tensor, _ c: Tensor) -> (a: MatrixLayout, c: MatrixLayout)? {
    guard Swift.zip(b.layout.shape, b.layout.strides).dropLast(2).allSatisfy({ $0 == 1 || $1 == 0 }),
      a.layout.droppingLast(2).shape == c.layout.droppingLast(2).shape
    else { return nil }
    let rows = a.layout.shape.dropLast().reduce(1, *)
    guard let tallA = a.layout.reshaped(to: [rows, a.layout.matrix.columns])?.matrix,
      let tallC = c.layout.reshaped(to: [rows, c.layout.matrix.columns])?.matrix,
      tallA.blasForm != nil, tallC.blasForm != nil
    else { return nil }
    return (tallA, tallC)
  }

  /// This tensor where BLAS takes its matrices as they lie, else a copy.
  var matrixOperand: Tensor {
    if layout.matrix.blasForm != nil { return self }
    BLASCounters.record(.operandCopy)
    let distinct = view(layout.withoutBroadcasts(keepingLast: 2)).copied()
    return distinct.view(distinct.layout.broadcast(to: shape)!)
  }

  /// c = alpha a b + beta c for single matrices.
  private static func product(
    _ a: UnsafeMutablePointer<Scalar>, _ aLayout: MatrixLayout, _ b: UnsafeMutablePointer<Scalar>,
    _ bLayout: MatrixLayout,
    _ alpha: Double, _ beta: Double, _ c: UnsafeMutablePointer<Scalar>, _ cLayout: MatrixLayout
  ) {
    let cForm = cLayout.blasForm!
    if cForm.isTransposed {
      // cᵀ = bᵀ aᵀ
      return product(b, bLayout.transposed, a, aLayout.transposed, alpha, beta, c, cLayout.transposed)
    }
    let (m, n, k) = (cLayout.rows, cLayout.columns, aLayout.columns)
    if m == 0 || n == 0 { return }
    require(
      Swift.max(m, n, k) <= Int32.max,
      "BLAS takes axes of at most \(Int32.max) elements, not [\(m), \(k)] by [\(k), \(n)]")
    let (aForm, bForm) = (aLayout.blasForm!, bLayout.blasForm!)
    if k == 0 || alpha == 0 {
      // BLAS leaves c alone or not where there are no terms, and reads a and b or not for a factor of 0, depending on the
      // function and on the size.
      for row in 0..<m {
        let line = c + row * cLayout.rowStride
        if beta == 0 { line.update(repeating: 0, count: n) } else { Scalar.blas.scal(Int32(n), beta, line, 1) }
      }
    } else if n == 1 {
      BLASCounters.record(.gemv)
      Scalar.blas.gemv(
        aForm.isTransposed, Int32(aForm.isTransposed ? k : m), Int32(aForm.isTransposed ? m : k), alpha, a,
        aForm.leadingDimension, b, k > 1 ? Int32(bLayout.rowStride) : 1, beta, c, m > 1 ? Int32(cLayout.rowStride) : 1)
    } else if m == 1 {
      BLASCounters.record(.gemv)
      Scalar.blas.gemv(
        !bForm.isTransposed, Int32(bForm.isTransposed ? n : k), Int32(bForm.isTransposed ? k : n), alpha, b,
        bForm.leadingDimension, a, k > 1 ? Int32(aLayout.columnStride) : 1, beta, c, 1)
    } else if k == 1 && beta == 1 {
      BLASCounters.record(.ger)
      Scalar.blas.ger(
        Int32(m), Int32(n), alpha, a, Int32(aLayout.rowStride), b, Int32(bLayout.columnStride), c,
        cForm.leadingDimension)
    } else {
      let isPlain = !aForm.isTransposed && !bForm.isTransposed
      let step = isPlain ? SmallProducts.rowsAtOnce(m, n, k) : m
      for row in stride(from: 0, to: m, by: step) {
        BLASCounters.record(.gemm)
        Scalar.blas.gemm(
          aForm.isTransposed, bForm.isTransposed, Int32(Swift.min(step, m - row)), Int32(n), Int32(k), alpha,
          a + row * Int(aForm.leadingDimension), aForm.leadingDimension, b, bForm.leadingDimension, beta,
          c + row * Int(cForm.leadingDimension), cForm.leadingDimension)
      }
    }
  }
}
