internal import CKernels
internal import COpenBLAS
internal import Glibc
internal import Synchronization

// The seam to BLAS: one row per function and precision, nothing else. Generic code reaches it as `Scalar.blas`.
// Matrices are row-major here; pointers are those of the element with the lowest address, as BLAS has it.

protocol BLASFunctions {
  /// c [m, n] = alpha a [m, k] b [k, n] + beta c; a transposed operand lies in memory as its transpose.
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double, _ a: UnsafeRawPointer,
    _ lda: Int32, _ b: UnsafeRawPointer, _ ldb: Int32, _ beta: Double, _ c: UnsafeMutableRawPointer, _ ldc: Int32)
  /// y = alpha a x + beta y for a [m, n] in memory, or with its transpose. As in `gemm`, y is not read where beta is 0.
  static func gemv(
    _ transposeA: Bool, _ m: Int32, _ n: Int32, _ alpha: Double, _ a: UnsafeRawPointer, _ lda: Int32,
    _ x: UnsafeRawPointer, _ incx: Int32, _ beta: Double, _ y: UnsafeMutableRawPointer, _ incy: Int32)
  /// a [m, n] += alpha x yᵀ
  static func ger(
    _ m: Int32, _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32,
    _ a: UnsafeMutableRawPointer, _ lda: Int32)
  /// x [m, n] = a⁻¹ x for a triangular matrix a in memory, or with its transpose.
  static func trsm(
    _ isLower: Bool, _ transposeA: Bool, _ hasUnitDiagonal: Bool, _ m: Int32, _ n: Int32, _ a: UnsafeRawPointer,
    _ lda: Int32, _ x: UnsafeMutableRawPointer, _ ldx: Int32)
  /// Σ xᵢ yᵢ; singles are summed in double.
  static func dot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double
  /// Σ xᵢ yᵢ in this precision: twice as fast, for a few thousand terms of one sign.
  static func shortDot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double
  /// `Summation.pieceLength` ones.
  static var ones: UnsafeRawPointer { get }
  /// y += alpha x
  static func axpy(
    _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeMutableRawPointer, _ incy: Int32)
  /// x *= alpha, products of 0 and NaN being NaN.
  static func scal(_ n: Int32, _ alpha: Double, _ x: UnsafeMutableRawPointer, _ incx: Int32)
  /// √Σ xᵢ² without overflow.
  static func nrm2(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32) -> Double
}

extension RealScalar {
  /// The BLAS functions of this precision.
  static var blas: any BLASFunctions.Type {
    elementType == .float ? SinglePrecisionBLAS.self : DoublePrecisionBLAS.self
  }
}

extension UnsafeRawPointer {
  var singles: UnsafePointer<Float> { assumingMemoryBound(to: Float.self) }
  var doubles: UnsafePointer<Double> { assumingMemoryBound(to: Double.self) }
}

extension UnsafeMutableRawPointer {
  var singles: UnsafeMutablePointer<Float> { assumingMemoryBound(to: Float.self) }
  var doubles: UnsafeMutablePointer<Double> { assumingMemoryBound(to: Double.self) }
}

/// Multiplies by a factor that OpenBLAS's scal may answer with zeros: by 0 whatever the element, and in single precision
/// (0.3.21) by NaN.
/// - Returns: false, with nothing done, for every other factor.
private func scaleSpecially<Scalar: RealScalar>(
  _ n: Int32, _ alpha: Scalar, _ x: UnsafeMutablePointer<Scalar>, _ incx: Int32
) -> Bool {
  guard alpha == 0 || alpha.isNaN else { return false }
  for i in 0..<Int(n) { x[i * Int(incx)] *= alpha }
  return true
}

/// Calls BLAS or LAPACK where the call takes a buffer of OpenBLAS's, which exist where memory is limited for some calls at once.
@inline(__always)
func withBuffer<Result>(_ call: () -> Result) -> Result {
  require(
    ck_take_blas_buffer(),
    "there is no memory for OpenBLAS, which takes 128 MiB for products and decompositions of matrices: the limits of this "
      + "process leave less (ulimit -v, ulimit -d)")
  defer { ck_return_blas_buffer() }
  return call()
}

private func transpose(_ isTransposed: Bool) -> CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }

private func vectorOfOnes<Scalar: RealScalar>(_: Scalar.Type) -> UnsafeRawPointer {
  let ones = UnsafeMutablePointer<Scalar>.allocate(capacity: Summation.pieceLength)
  ones.initialize(repeating: 1, count: Summation.pieceLength)
  return UnsafeRawPointer(ones)
}

private enum SinglePrecisionBLAS: BLASFunctions {
  static func gemm(
    _ ta: Bool, _ tb: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double, _ a: UnsafeRawPointer, _ lda: Int32,
    _ b: UnsafeRawPointer, _ ldb: Int32, _ beta: Double, _ c: UnsafeMutableRawPointer, _ ldc: Int32
  ) {
    withBuffer {
      cblas_sgemm(
        CblasRowMajor, transpose(ta), transpose(tb), m, n, k, Float(alpha), a.singles, lda, b.singles, ldb, Float(beta),
        c.singles, ldc)
    }
  }
  static func gemv(
    _ ta: Bool, _ m: Int32, _ n: Int32, _ alpha: Double, _ a: UnsafeRawPointer, _ lda: Int32, _ x: UnsafeRawPointer,
    _ incx: Int32, _ beta: Double, _ y: UnsafeMutableRawPointer, _ incy: Int32
  ) {
    var beta = beta
    if beta.isNaN {
      // The sgemv of OpenBLAS 0.3.21 leaves y as it is.
      scal(ta ? n : m, beta, y, incy)
      beta = 1
    }
    withBuffer {
      cblas_sgemv(
        CblasRowMajor, transpose(ta), m, n, Float(alpha), a.singles, lda, x.singles, incx, Float(beta), y.singles, incy)
    }
  }
  static func ger(
    _ m: Int32, _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32,
    _ a: UnsafeMutableRawPointer, _ lda: Int32
  ) {
    withBuffer {
      cblas_sger(CblasRowMajor, m, n, Float(alpha), x.singles, incx, y.singles, incy, a.singles, lda)
    }
  }
  static func trsm(
    _ isLower: Bool, _ ta: Bool, _ hasUnitDiagonal: Bool, _ m: Int32, _ n: Int32, _ a: UnsafeRawPointer, _ lda: Int32,
    _ x: UnsafeMutableRawPointer, _ ldx: Int32
  ) {
    withBuffer {
      cblas_strsm(
        CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper, transpose(ta),
        hasUnitDiagonal ? CblasUnit : CblasNonUnit, m, n, 1, a.singles, lda, x.singles, ldx)
    }
  }
  static func dot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double {
    cblas_dsdot(n, x.singles, incx, y.singles, incy)
  }
  static func shortDot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double
  {
    Double(cblas_sdot(n, x.singles, incx, y.singles, incy))
  }
  nonisolated(unsafe) static let ones = vectorOfOnes(Float.self)
  static func axpy(
    _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeMutableRawPointer, _ incy: Int32
  ) {
    cblas_saxpy(n, Float(alpha), x.singles, incx, y.singles, incy)
  }
  static func scal(_ n: Int32, _ alpha: Double, _ x: UnsafeMutableRawPointer, _ incx: Int32) {
    if !scaleSpecially(n, Float(alpha), x.singles, incx) { cblas_sscal(n, Float(alpha), x.singles, incx) }
  }
  static func nrm2(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32) -> Double {
    Double(cblas_snrm2(n, x.singles, incx))
  }
}

private enum DoublePrecisionBLAS: BLASFunctions {
  static func gemm(
    _ ta: Bool, _ tb: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double, _ a: UnsafeRawPointer, _ lda: Int32,
    _ b: UnsafeRawPointer, _ ldb: Int32, _ beta: Double, _ c: UnsafeMutableRawPointer, _ ldc: Int32
  ) {
    withBuffer {
      cblas_dgemm(
        CblasRowMajor, transpose(ta), transpose(tb), m, n, k, alpha, a.doubles, lda, b.doubles, ldb, beta, c.doubles,
        ldc)
    }
  }
  static func gemv(
    _ ta: Bool, _ m: Int32, _ n: Int32, _ alpha: Double, _ a: UnsafeRawPointer, _ lda: Int32, _ x: UnsafeRawPointer,
    _ incx: Int32, _ beta: Double, _ y: UnsafeMutableRawPointer, _ incy: Int32
  ) {
    withBuffer {
      cblas_dgemv(CblasRowMajor, transpose(ta), m, n, alpha, a.doubles, lda, x.doubles, incx, beta, y.doubles, incy)
    }
  }
  static func ger(
    _ m: Int32, _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32,
    _ a: UnsafeMutableRawPointer, _ lda: Int32
  ) {
    withBuffer {
      cblas_dger(CblasRowMajor, m, n, alpha, x.doubles, incx, y.doubles, incy, a.doubles, lda)
    }
  }
  static func trsm(
    _ isLower: Bool, _ ta: Bool, _ hasUnitDiagonal: Bool, _ m: Int32, _ n: Int32, _ a: UnsafeRawPointer, _ lda: Int32,
    _ x: UnsafeMutableRawPointer, _ ldx: Int32
  ) {
    withBuffer {
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper, transpose(ta),
        hasUnitDiagonal ? CblasUnit : CblasNonUnit, m, n, 1, a.doubles, lda, x.doubles, ldx)
    }
  }
  static func dot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double {
    cblas_ddot(n, x.doubles, incx, y.doubles, incy)
  }
  static func shortDot(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeRawPointer, _ incy: Int32) -> Double
  {
    cblas_ddot(n, x.doubles, incx, y.doubles, incy)
  }
  nonisolated(unsafe) static let ones = vectorOfOnes(Double.self)
  static func axpy(
    _ n: Int32, _ alpha: Double, _ x: UnsafeRawPointer, _ incx: Int32, _ y: UnsafeMutableRawPointer, _ incy: Int32
  ) {
    cblas_daxpy(n, alpha, x.doubles, incx, y.doubles, incy)
  }
  static func scal(_ n: Int32, _ alpha: Double, _ x: UnsafeMutableRawPointer, _ incx: Int32) {
    if !scaleSpecially(n, alpha, x.doubles, incx) { cblas_dscal(n, alpha, x.doubles, incx) }
  }
  static func nrm2(_ n: Int32, _ x: UnsafeRawPointer, _ incx: Int32) -> Double { cblas_dnrm2(n, x.doubles, incx) }
}

/// OpenBLAS multiplies small matrices without packing them first, where the processor has AVX-512.
enum SmallProducts {
  /// m n k up to which it does so.
  private static let limit = 1_000_000
  private static let exist = ["SkylakeX", "Cooperlake", "SapphireRapids"].contains(
    String(cString: openblas_get_corename()))

  /// How many rows of [m, k] · [k, n] to compute at once: a tall product is faster in slabs small enough for that.
  /// Measured (Zen 5, one thread, m = 1024): 64 · 64 72 µs against 85 µs, 128 · 128 288 µs against 326 µs, Double 577 µs
  /// against 679 µs; slabs of fewer than 48 rows gain nothing, transposed operands neither.
  static func rowsAtOnce(_ m: Int, _ n: Int, _ k: Int) -> Int {
    guard n * k <= limit / 48, m * n * k > limit, exist, openblas_get_num_threads() == 1 else { return m }
    return limit / (n * k) / 16 * 16
  }
}

// MARK: Counting

/// Counts calls to BLAS and LAPACK and copies of operands, so that tests can tell which way a computation went.
enum BLASCounters {
  enum Event: Hashable {
    case gemm, gemv, ger, trsm, dot, axpy, scal, nrm2, lapack
    /// An operand that did not lie as BLAS takes it.
    case operandCopy
  }

  private static let activeCount = Atomic<Int>(0)
  private static let counts = Lock<[UInt: [Event: Int]]>([:])

  /// Costs one load while nobody counts.
  @inline(__always)
  static func record(_ event: Event) {
    if activeCount.load(ordering: .relaxed) != 0 { recordWhileCounting(event) }
  }

  @inline(never)
  private static func recordWhileCounting(_ event: Event) {
    let thread = currentThread
    counts.withLock { $0[thread]?[event, default: 0] += 1 }
  }

  /// What happens in `body`, on this thread.
  static func counting(_ body: () throws -> Void) rethrows -> [Event: Int] {
    let thread = currentThread
    let outer = counts.withLock { $0.updateValue([:], forKey: thread) }
    activeCount.add(1, ordering: .relaxed)
    defer {
      activeCount.subtract(1, ordering: .relaxed)
      counts.withLock { $0[thread] = outer }
    }
    try body()
    return counts.withLock { $0[thread] ?? [:] }
  }

  private static var currentThread: UInt { UInt(pthread_self()) }
}
