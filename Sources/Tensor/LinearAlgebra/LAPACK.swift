internal import CLAPACKE

// The seam to LAPACK, which generic code reaches as `Scalar.lapack`. Matrices are column-major, as LAPACK has them; the functions
// above this file see to it that row-major memory is read as its transpose. The `_work` forms neither search for NaN nor allocate.
// Each returns LAPACK's `info`.

/// LAPACK's functions for one element type, as C has them.
protocol LAPACKFunctions<Scalar> {
  associatedtype Scalar
  typealias Getrf = (Int32, Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Int32>?) -> Int32
  static var getrf: Getrf { get }
  typealias Getrs = (
    Int32, CChar, Int32, Int32, UnsafePointer<Scalar>?, Int32, UnsafePointer<Int32>?, UnsafeMutablePointer<Scalar>?,
    Int32
  ) -> Int32
  static var getrs: Getrs { get }
  typealias Getri = (
    Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafePointer<Int32>?, UnsafeMutablePointer<Scalar>?, Int32
  ) -> Int32
  static var getri: Getri { get }
  typealias Potrf = (Int32, CChar, Int32, UnsafeMutablePointer<Scalar>?, Int32) -> Int32
  static var potrf: Potrf { get }
  typealias Geqrf = (
    Int32, Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?,
    UnsafeMutablePointer<Scalar>?, Int32
  ) -> Int32
  static var geqrf: Geqrf { get }
  typealias Orgqr = (
    Int32, Int32, Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafePointer<Scalar>?,
    UnsafeMutablePointer<Scalar>?, Int32
  ) -> Int32
  static var orgqr: Orgqr { get }
  typealias Gesdd = (
    Int32, CChar, Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?,
    UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?, Int32,
    UnsafeMutablePointer<Int32>?
  ) -> Int32
  static var gesdd: Gesdd { get }
  typealias Syevd = (
    Int32, CChar, CChar, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?,
    UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Int32>?, Int32
  ) -> Int32
  static var syevd: Syevd { get }
  typealias Geev = (
    Int32, CChar, CChar, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?,
    UnsafeMutablePointer<Scalar>?, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?, Int32,
    UnsafeMutablePointer<Scalar>?, Int32
  ) -> Int32
  static var geev: Geev { get }
  typealias Gelsd = (
    Int32, Int32, Int32, Int32, UnsafeMutablePointer<Scalar>?, Int32, UnsafeMutablePointer<Scalar>?, Int32,
    UnsafeMutablePointer<Scalar>?, Scalar, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Scalar>?, Int32,
    UnsafeMutablePointer<Int32>?
  ) -> Int32
  static var gelsd: Gelsd { get }
}

extension RealScalar {
  static var lapack: LAPACK<Self> {
    BLASCounters.record(.lapack)
    return LAPACK()
  }
}

extension CChar {
  /// A job character of LAPACK.
  static func job(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }
}

/// The calls of LAPACK. Those that small matrices answer within a microsecond are specialised.
struct LAPACK<Scalar: RealScalar> {
  private var functions: any RealElement<Scalar>.Type { Scalar.realElement }

  /// LU factors with row exchanges.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func getrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32, _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer { CallStack.withRoom { functions.getrf(LAPACK_COL_MAJOR, m, n, a, lda, pivots) } }
  }

  /// Solves with LU factors.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func getrs(
    _ trans: CChar, _ n: Int32, _ count: Int32, _ a: UnsafePointer<Scalar>, _ lda: Int32,
    _ pivots: UnsafePointer<Int32>, _ b: UnsafeMutablePointer<Scalar>, _ ldb: Int32
  ) -> Int32 {
    withBuffer { functions.getrs(LAPACK_COL_MAJOR, trans, n, count, a, lda, pivots, b, ldb) }
  }

  /// Inverts from LU factors.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func getri(
    _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32
  ) -> Int32 {
    withBuffer { functions.getri(LAPACK_COL_MAJOR, n, a, lda, pivots, work, lwork) }
  }

  /// Cholesky factor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func potrf(_ uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32) -> Int32 {
    withBuffer { functions.potrf(LAPACK_COL_MAJOR, uplo, n, a, lda) }
  }

  /// QR factors: R and Householder vectors.
  func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32, _ tau: UnsafeMutablePointer<Scalar>,
    _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32
  ) -> Int32 {
    withBuffer { functions.geqrf(LAPACK_COL_MAJOR, m, n, a, lda, tau, work, lwork) }
  }

  /// Q from Householder vectors.
  func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32, _ tau: UnsafePointer<Scalar>,
    _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32
  ) -> Int32 {
    withBuffer { functions.orgqr(LAPACK_COL_MAJOR, m, n, k, a, lda, tau, work, lwork) }
  }

  /// Singular values and vectors.
  func gesdd(
    _ job: CChar, _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32,
    _ s: UnsafeMutablePointer<Scalar>, _ u: UnsafeMutablePointer<Scalar>, _ ldu: Int32,
    _ vt: UnsafeMutablePointer<Scalar>, _ ldvt: Int32, _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer { functions.gesdd(LAPACK_COL_MAJOR, job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork) }
  }

  /// Eigenvalues and eigenvectors of a symmetric matrix.
  func syevd(
    _ job: CChar, _ uplo: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32,
    _ w: UnsafeMutablePointer<Scalar>, _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32 {
    withBuffer { functions.syevd(LAPACK_COL_MAJOR, job, uplo, n, a, lda, w, work, lwork, iwork, liwork) }
  }

  /// Eigenvalues and eigenvectors of a general matrix.
  func geev(
    _ jobvl: CChar, _ jobvr: CChar, _ n: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32,
    _ wr: UnsafeMutablePointer<Scalar>, _ wi: UnsafeMutablePointer<Scalar>, _ vl: UnsafeMutablePointer<Scalar>,
    _ ldvl: Int32, _ vr: UnsafeMutablePointer<Scalar>, _ ldvr: Int32, _ work: UnsafeMutablePointer<Scalar>,
    _ lwork: Int32
  ) -> Int32 {
    withBuffer { functions.geev(LAPACK_COL_MAJOR, jobvl, jobvr, n, a, lda, wr, wi, vl, ldvl, vr, ldvr, work, lwork) }
  }

  /// Least squares by singular values.
  func gelsd(
    _ m: Int32, _ n: Int32, _ count: Int32, _ a: UnsafeMutablePointer<Scalar>, _ lda: Int32,
    _ b: UnsafeMutablePointer<Scalar>, _ ldb: Int32, _ s: UnsafeMutablePointer<Scalar>, _ rcond: Double,
    _ rank: UnsafeMutablePointer<Int32>, _ work: UnsafeMutablePointer<Scalar>, _ lwork: Int32,
    _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      functions.gelsd(LAPACK_COL_MAJOR, m, n, count, a, lda, b, ldb, s, Scalar(rcond), rank, work, lwork, iwork)
    }
  }
}
