// Products by BLAS: from tensors to calls of gemm and gemv.

/// alpha · a · b of the matrices in the last two axes, by BLAS: the fastest for large matrices. In which order a sum is added up depends
/// on the sizes of both operands.
struct BLASProduct<Scalar: RealScalar> {
  private let a: Tensor<Scalar>
  private let b: Tensor<Scalar>
  private let alpha: Double

  /// Of tensors of rank 2 and more, whose shapes fit. What BLAS does not take as it lies is copied.
  @inline(__always)
  init(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, alpha: Scalar = 1) {
    self.a = a.matrixOperand
    self.b = b.matrixOperand
    self.alpha = Double(alpha)
  }

  /// c = alpha · a · b + beta · c, where c or the part of it lies as BLAS takes it.
  @inline(__always)
  func write(to c: inout Destination<Scalar>, _ part: Layout? = nil, beta: Scalar = 0) {
    let layout = part ?? c.layout
    let beta = Double(beta)
    let start = c.start + (layout.offset - c.layout.offset)
    if layout.rank == 2 {
      Self.multiply(a.start, a.layout.matrix, b.start, b.layout.matrix, alpha, beta, start, layout.matrix)
    } else if let (tallA, tallC) = tallProduct(layout) {
      Self.multiply(a.start, tallA, b.start, b.layout.matrix, alpha, beta, start, tallC)
    } else {
      let batch = Array(layout.shape.dropLast(2))
      let (aBatch, bBatch) = (
        a.layout.droppingLast(2).broadcast(to: batch)!, b.layout.droppingLast(2).broadcast(to: batch)!
      )
      let (aMatrix, bMatrix, cMatrix) = (a.layout.matrix, b.layout.matrix, layout.matrix)
      let (aStart, bStart) = (a.start, b.start)
      Layout.forEachOffset(batch, aBatch.strides, bBatch.strides, Array(layout.strides.dropLast(2))) {
        Self.multiply(aStart + $0, aMatrix, bStart + $1, bMatrix, alpha, beta, start + $2, cMatrix)
      }
    }
    withExtendedLifetime((a, b)) {}
  }

  /// A batch times one matrix, where the batch lies as one tall matrix.
  private func tallProduct(_ c: Layout) -> (a: MatrixLayout, c: MatrixLayout)? {
    guard zip(b.layout.shape, b.layout.strides).dropLast(2).allSatisfy({ $0 == 1 || $1 == 0 }),
      a.layout.droppingLast(2).shape == c.droppingLast(2).shape
    else { return nil }
    let rows = a.layout.shape.dropLast().reduce(1, *)
    guard let tallA = a.layout.reshaped(to: [rows, a.layout.matrix.columns])?.matrix,
      let tallC = c.reshaped(to: [rows, c.matrix.columns])?.matrix,
      tallA.blasForm != nil, tallC.blasForm != nil
    else { return nil }
    return (tallA, tallC)
  }

  /// c = alpha a b + beta c for single matrices.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func multiply(
    _ a: UnsafePointer<Scalar>, _ aLayout: MatrixLayout, _ b: UnsafePointer<Scalar>, _ bLayout: MatrixLayout,
    _ alpha: Double, _ beta: Double, _ c: UnsafeMutablePointer<Scalar>, _ cLayout: MatrixLayout
  ) {
    let cForm = cLayout.blasForm!
    if cForm.isTransposed {
      // cᵀ = bᵀ aᵀ
      return multiply(b, bLayout.transposed, a, aLayout.transposed, alpha, beta, c, cLayout.transposed)
    }
    let (m, n, k) = (cLayout.rows, cLayout.columns, aLayout.columns)
    if m == 0 || n == 0 { return }
    require(
      max(m, n, k) <= Int32.max,
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
          aForm.isTransposed, bForm.isTransposed, Int32(min(step, m - row)), Int32(n), Int32(k), alpha,
          a + row * Int(aForm.leadingDimension), aForm.leadingDimension, b, bForm.leadingDimension, beta,
          c + row * Int(cForm.leadingDimension), cForm.leadingDimension)
      }
    }
  }
}

extension Tensor {
  /// This tensor where BLAS takes its matrices as they lie, else a copy.
  var matrixOperand: Tensor {
    if layout.matrix.blasForm != nil { return self }
    BLASCounters.record(.operandCopy)
    let distinct = view(layout.withoutBroadcasts(keepingLast: 2)).copied()
    return distinct.view(distinct.layout.broadcast(to: shape)!)
  }
}
