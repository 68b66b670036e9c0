internal import Glibc

// Linear systems, by LU factors. Row-major memory is, to LAPACK, the transpose: it is factored as it lies and solved
// with the transpose's transpose. Axes before the last two are batches, as in NumPy.

extension Tensor where Scalar: RealScalar {
  /// The x with self · x = b: [n, n] and [n] give [n], [n, n] and [n, k] give [n, k]; batches broadcast.
  ///
  /// Throws ``LinearAlgebraError/singular(pivot:shape:matrix:)`` where a pivot is exactly zero, and no element of the
  /// matrix NaN: then the result is NaN. LAPACK: `getrf`, `getrs`.
  /// - Precondition: the matrices are square, and the shapes are compatible.
  /// - Complexity: O(n³ + n² k) per matrix; one copy of each operand, the second of which becomes the result.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func solve(_ b: Tensor) throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder("solve")
    let shape = shape
    let right = b.rank == 1 ? b.view(b.layout.inserting(axis: 1)) : b
    guard b.rank > 0, right.shape[right.rank - 2] == n,
      let batch = Layout.broadcastShape(Array(shape.dropLast(2)), Array(right.shape.dropLast(2)))
    else {
      trap("solve: the shapes \(shape) and \(b.shape) do not fit; [n, n] takes [n] or [n, k], batches broadcast")
    }
    let columns = right.shape[right.rank - 1]
    let x = MatrixBatch(right, broadcastTo: batch + [n, columns], .columnMajor)
    let factors = MatrixBatch(self)
    let pivots = Storage<Int32>(count: factors.count * n)
    try factors.factorLU(pivots)
    if !x.isEmpty {
      let lapack = Scalar.lapack
      let none = [Int](repeating: 0, count: batch.count)
      let factorBatch = factors.layout.droppingLast(2).broadcast(to: batch)!
      let trans: CChar = factors.order == .rowMajor ? .job("T") : .job("N")
      let (left, right) = (factors[0], x[0])
      Layout.forEachOffset(batch, factorBatch.strides, Array(x.layout.strides.dropLast(2)), none) { a, b, _ in
        let info = lapack.getrs(
          trans, Int32(n), Int32(columns), left + a, Int32(n), pivots.base + a / n, right + b, Int32(n))
        assert(info == 0)
      }
    }
    withExtendedLifetime(factors) {}
    withExtendedLifetime(pivots) {}
    return x.solution(ofVector: b.rank == 1)
  }

  /// The inverse of each matrix. Prefer ``solve(_:)`` for systems: it is faster and more accurate.
  ///
  /// Throws ``LinearAlgebraError/singular(pivot:shape:matrix:)``. A matrix with NaN becomes NaN throughout.
  /// LAPACK: `getrf`, `getri`.
  /// - Precondition: the matrices are square.
  /// - Complexity: O(n³) per matrix; one copy, which becomes the result.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public consuming func inverse() throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder("inverse")
    // The inverse of the transpose is the transpose of the inverse: the order of the memory does not matter.
    let matrices = MatrixBatch(self)
    if matrices.isEmpty { return matrices.finish() }
    let undefined = matrices.positionsOfNaN
    let pivots = Storage<Int32>(count: matrices.count * n)
    try matrices.factorLU(pivots)
    let work = Storage<Scalar>(count: 64 * n)
    for index in 0..<matrices.count {
      let info = Scalar.lapack.getri(
        Int32(n), matrices[index], Int32(n), pivots.base + index * n, work.base, Int32(work.count))
      assert(info == 0)
    }
    // LAPACK leaves zeros and ones where NaN should be.
    for index in undefined { matrices[index].update(repeating: .nan, count: matrices.size) }
    withExtendedLifetime((pivots, work)) {}
    return matrices.finish()
  }

  /// The x with self · x = b for triangular matrices; the other triangle is not read, with `unitDiagonal` the diagonal
  /// neither. Shapes as in ``solve(_:)``.
  ///
  /// Throws ``LinearAlgebraError/singular(pivot:shape:matrix:)`` where an element of the diagonal is zero. BLAS: `trsm`.
  /// - Complexity: O(n² k) per matrix; one copy of `b`, which becomes the result.
  public func triangularSolve(
    _ b: Tensor, lower: Bool = true, unitDiagonal: Bool = false
  ) throws(LinearAlgebraError) -> Tensor {
    let n = squareOrder("triangularSolve")
    let right = b.rank == 1 ? b.view(b.layout.inserting(axis: 1)) : b
    guard b.rank > 0, right.shape[right.rank - 2] == n,
      let batch = Layout.broadcastShape(Array(shape.dropLast(2)), Array(right.shape.dropLast(2)))
    else {
      trap(
        "triangularSolve: the shapes \(shape) and \(b.shape) do not fit; [n, n] takes [n] or [n, k], batches broadcast")
    }
    if !unitDiagonal {
      let diagonals = diagonal(axis1: -2, axis2: -1)
      let position = diagonals.scalars.firstIndex(of: 0)
      if let position {
        throw .singular(
          pivot: position % n, shape: shape, matrix: Layout.position(position / n, in: Array(shape.dropLast(2))))
      }
    }
    let columns = right.shape[right.rank - 1]
    let x = MatrixBatch(right, broadcastTo: batch + [n, columns], .rowMajor)
    let a = matrixOperand
    if !x.isEmpty {
      let form = a.layout.matrix.blasForm!
      let none = [Int](repeating: 0, count: batch.count)
      let aBatch = a.layout.droppingLast(2).broadcast(to: batch)!
      let (left, right) = (a.start, x[0])
      Layout.forEachOffset(batch, aBatch.strides, Array(x.layout.strides.dropLast(2)), none) { from, to, _ in
        BLASCounters.record(.trsm)
        Scalar.blas.trsm(
          lower != form.isTransposed, form.isTransposed, unitDiagonal, Int32(n), Int32(columns), left + from,
          form.leadingDimension, right + to, Int32(columns))
      }
    }
    withExtendedLifetime(a) {}
    return x.solution(ofVector: b.rank == 1)
  }

  /// The determinant of each matrix; 0 for singular ones, 1 for those of order 0. LAPACK: `getrf`.
  ///
  /// The product keeps its exponent apart: it overflows only where the determinant does.
  public consuming func determinant() -> Tensor {
    let batch = Array(shape.dropLast(2))
    let determinants = determinantParts("determinant").map { part in
      // In two steps, for exponents beyond the range of one factor.
      let half = part.exponent / 2
      return Scalar(scalbn(scalbn(part.significand, Int32(clamping: half)), Int32(clamping: part.exponent - half)))
    }
    return Tensor(shape: batch, scalars: determinants)
  }

  /// Sign (-1, 0, 1) and logarithm of the magnitude of each determinant, which do not overflow where the determinant
  /// would. A singular matrix has the sign 0 and the logarithm -∞.
  public consuming func signAndLogDeterminant() -> (sign: Tensor, logDeterminant: Tensor) {
    let batch = Array(shape.dropLast(2))
    let parts = determinantParts("signAndLogDeterminant")
    let signs = parts.map { $0.significand.isNaN ? Scalar.nan : Scalar($0.significand.signum) }
    let ln2 = logarithm(2)
    let logarithms = parts.map { Scalar(logarithm(abs($0.significand)) + Double($0.exponent) * ln2) }
    return (Tensor(shape: batch, scalars: signs), Tensor(shape: batch, scalars: logarithms))
  }

  /// Determinants as significand · 2^exponent.
  private consuming func determinantParts(_ operation: String) -> [(significand: Double, exponent: Int)] {
    let n = squareOrder(operation)
    let factors = MatrixBatch(self)
    let pivots = Storage<Int32>(count: n)
    let (start, size) = (factors[0], factors.size)
    let result = (0..<factors.count).map { index -> (significand: Double, exponent: Int) in
      let matrix = start + index * size
      if n > 0 { _ = Scalar.lapack.getrf(Int32(n), Int32(n), matrix, Int32(n), pivots.base) }
      var significand = 1.0
      var exponent = 0
      for i in 0..<n {
        significand *= Double(matrix[i * (n + 1)])
        if pivots.base[i] != Int32(i + 1) { significand.negate() }
        if significand.isFinite && significand != 0 {
          exponent += Int(significand.exponent)
          significand = scalbn(significand, -Int32(significand.exponent))
        }
      }
      return (significand, exponent)
    }
    withExtendedLifetime(factors) {}
    withExtendedLifetime(pivots) {}
    return result
  }
}

extension MatrixBatch {
  /// Overwrites each square matrix, or its transpose if row-major, with its LU factors; with NaN, where NaN is beside a pivot
  /// of zero and nobody knows whether there is a better one.
  func factorLU(_ pivots: Storage<Int32>) throws(LinearAlgebraError) {
    let n = rows
    if n == 0 { return }
    let lapack = Scalar.lapack
    for index in 0..<count {
      let info = lapack.getrf(Int32(n), Int32(n), self[index], Int32(n), pivots.base + index * n)
      if info == 0 { continue }
      let matrix = self[index]
      if !(0..<size).contains(where: { matrix[$0].isNaN }) {
        throw .singular(pivot: Int(info) - 1, shape: shape, matrix: position(index))
      }
      matrix.update(repeating: .nan, count: size)
    }
  }

  /// The solutions of linear systems, which were vectors or matrices.
  fileprivate consuming func solution(ofVector isVector: Bool) -> Tensor<Scalar> {
    let x = finish()
    return isVector ? x.view(x.layout.removing(axis: x.rank - 1)) : x
  }
}

extension Double {
  fileprivate var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}

/// `log` inside a tensor is the tensor's.
private func logarithm(_ x: Double) -> Double { log(x) }
