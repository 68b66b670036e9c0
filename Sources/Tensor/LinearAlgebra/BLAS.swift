internal import CKernels
internal import COpenBLAS
internal import Glibc
internal import Synchronization

// The seam to BLAS, which generic code reaches as `Scalar.blas`. Matrices are row-major here; pointers are those of the element with
// the lowest address, as BLAS has it.

/// BLAS's functions for one element type, as C has them.
protocol BLASFunctions<Scalar> {
  associatedtype Scalar
  typealias Gemm = (
    CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Scalar, UnsafePointer<Scalar>?, Int32,
    UnsafePointer<Scalar>?, Int32, Scalar, UnsafeMutablePointer<Scalar>?, Int32
  ) -> Void
  static var gemm: Gemm { get }
  typealias Gemv = (
    CBLAS_ORDER, CBLAS_TRANSPOSE, Int32, Int32, Scalar, UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32,
    Scalar, UnsafeMutablePointer<Scalar>?, Int32
  ) -> Void
  static var gemv: Gemv { get }
  typealias Ger = (
    CBLAS_ORDER, Int32, Int32, Scalar, UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32,
    UnsafeMutablePointer<Scalar>?, Int32
  ) -> Void
  static var ger: Ger { get }
  typealias Trsm = (
    CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, Int32, Scalar, UnsafePointer<Scalar>?,
    Int32, UnsafeMutablePointer<Scalar>?, Int32
  ) -> Void
  static var trsm: Trsm { get }
  typealias Dot = (Int32, UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32) -> Double
  static var dot: Dot { get }
  typealias ShortDot = (Int32, UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32) -> Scalar
  static var shortDot: ShortDot { get }
  typealias Axpy = (Int32, Scalar, UnsafePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?, Int32) -> Void
  static var axpy: Axpy { get }
  typealias Scal = (Int32, Scalar, UnsafeMutablePointer<Scalar>?, Int32) -> Void
  static var scal: Scal { get }
  typealias Nrm2 = (Int32, UnsafePointer<Scalar>?, Int32) -> Scalar
  static var nrm2: Nrm2 { get }
  /// `Summation.pieceLength` ones.
  static var ones: UnsafePointer<Scalar> { get }
}

func vectorOfOnes<Scalar: RealScalar>(_: Scalar.Type) -> UnsafePointer<Scalar> {
  let ones = UnsafeMutablePointer<Scalar>.allocate(capacity: Summation.pieceLength)
  ones.initialize(repeating: 1, count: Summation.pieceLength)
  return UnsafePointer(ones)
}

extension RealScalar {
  static var blas: BLAS<Self> { BLAS() }
}

/// The calls of BLAS. Where they are hot, their callers are specialised; then each is a call of the C function.
struct BLAS<Scalar: RealScalar> {
  private var functions: any RealElement<Scalar>.Type { Scalar.realElement }

  /// c [m, n] = alpha a [m, k] b [k, n] + beta c; a transposed operand lies in memory as its transpose.
  @inline(__always)
  func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Double,
    _ a: UnsafePointer<Scalar>, _ lda: Int32, _ b: UnsafePointer<Scalar>, _ ldb: Int32, _ beta: Double,
    _ c: UnsafeMutablePointer<Scalar>, _ ldc: Int32
  ) {
    withBuffer {
      functions.gemm(
        CblasRowMajor, transpose(transposeA), transpose(transposeB), m, n, k, Scalar(alpha), a, lda, b, ldb,
        Scalar(beta), c, ldc)
    }
  }

  /// y = alpha a x + beta y for a [m, n] in memory, or with its transpose. As in `gemm`, y is not read where beta is 0.
  @inline(__always)
  func gemv(
    _ transposeA: Bool, _ m: Int32, _ n: Int32, _ alpha: Double, _ a: UnsafePointer<Scalar>, _ lda: Int32,
    _ x: UnsafePointer<Scalar>, _ incx: Int32, _ beta: Double, _ y: UnsafeMutablePointer<Scalar>, _ incy: Int32
  ) {
    // The sgemv of OpenBLAS 0.3.21 leaves y as it is where beta is NaN.
    if beta.isNaN { scal(transposeA ? n : m, beta, y, incy) }
    withBuffer {
      functions.gemv(
        CblasRowMajor, transpose(transposeA), m, n, Scalar(alpha), a, lda, x, incx, Scalar(beta.isNaN ? 1 : beta), y,
        incy)
    }
  }

  /// a [m, n] += alpha x yᵀ
  @inline(__always)
  func ger(
    _ m: Int32, _ n: Int32, _ alpha: Double, _ x: UnsafePointer<Scalar>, _ incx: Int32, _ y: UnsafePointer<Scalar>,
    _ incy: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32
  ) {
    withBuffer { functions.ger(CblasRowMajor, m, n, Scalar(alpha), x, incx, y, incy, a, lda) }
  }

  /// x [m, n] = a⁻¹ x for a triangular matrix a in memory, or with its transpose.
  @inline(__always)
  func trsm(
    _ isLower: Bool, _ transposeA: Bool, _ hasUnitDiagonal: Bool, _ m: Int32, _ n: Int32, _ a: UnsafePointer<Scalar>,
    _ lda: Int32, _ x: UnsafeMutablePointer<Scalar>, _ ldx: Int32
  ) {
    withBuffer {
      functions.trsm(
        CblasRowMajor, CblasLeft, isLower ? CblasLower : CblasUpper, transpose(transposeA),
        hasUnitDiagonal ? CblasUnit : CblasNonUnit, m, n, 1, a, lda, x, ldx)
    }
  }

  /// Σ xᵢ yᵢ; singles are summed in double.
  @inline(__always)
  func dot(
    _ n: Int32, _ x: UnsafePointer<Scalar>, _ incx: Int32, _ y: UnsafePointer<Scalar>, _ incy: Int32
  ) -> Double {
    functions.dot(n, x, incx, y, incy)
  }

  /// Σ xᵢ yᵢ in this precision: twice as fast, for a few thousand terms of one sign.
  @inline(__always)
  func shortDot(
    _ n: Int32, _ x: UnsafePointer<Scalar>, _ incx: Int32, _ y: UnsafePointer<Scalar>, _ incy: Int32
  ) -> Double {
    Double(functions.shortDot(n, x, incx, y, incy))
  }

  /// `Summation.pieceLength` ones.
  @inline(__always)
  var ones: UnsafePointer<Scalar> { functions.ones }

  /// y += alpha x
  @inline(__always)
  func axpy(
    _ n: Int32, _ alpha: Double, _ x: UnsafePointer<Scalar>, _ incx: Int32, _ y: UnsafeMutablePointer<Scalar>,
    _ incy: Int32
  ) {
    functions.axpy(n, Scalar(alpha), x, incx, y, incy)
  }

  /// x *= alpha, products of 0 and NaN being NaN: OpenBLAS's scal may answer with zeros where alpha is 0, and in single precision
  /// (0.3.21) where it is NaN.
  @inline(__always)
  func scal(_ n: Int32, _ alpha: Double, _ x: UnsafeMutablePointer<Scalar>, _ incx: Int32) {
    let alpha = Scalar(alpha)
    if alpha == 0 || alpha.isNaN {
      for i in 0..<Int(n) { x[i * Int(incx)] *= alpha }
    } else {
      functions.scal(n, alpha, x, incx)
    }
  }

  /// √Σ xᵢ² without overflow.
  @inline(__always)
  func nrm2(_ n: Int32, _ x: UnsafePointer<Scalar>, _ incx: Int32) -> Double { Double(functions.nrm2(n, x, incx)) }
}

private func transpose(_ isTransposed: Bool) -> CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }

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
