internal import CLAPACKE

// The seam to LAPACK: one row per function and precision, nothing else. Matrices are column-major, as LAPACK has them;
// the functions above this file see to it that row-major memory is read as its transpose. The `_work` forms neither
// search for NaN nor allocate. Each returns LAPACK's `info`.

protocol LAPACKFunctions {
  /// LU factors with row exchanges.
  static func getrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32
  /// Solves with LU factors.
  static func getrs(
    _ trans: CChar, _ n: Int32, _ count: Int32, _ a: UnsafeRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutableRawPointer, _ ldb: Int32
  ) -> Int32
  /// Inverts from LU factors.
  static func getri(
    _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32
  /// Cholesky factor.
  static func potrf(_ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32) -> Int32
  /// QR factors: R and Householder vectors.
  static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32
  /// Q from Householder vectors.
  static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32
  /// Singular values and vectors.
  static func gesdd(
    _ job: CChar, _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ s: UnsafeMutableRawPointer,
    _ u: UnsafeMutableRawPointer, _ ldu: Int32, _ vt: UnsafeMutableRawPointer, _ ldvt: Int32,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32
  /// Eigenvalues and eigenvectors of a symmetric matrix.
  static func syevd(
    _ job: CChar, _ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ w: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32
  /// Eigenvalues and eigenvectors of a general matrix.
  static func geev(
    _ jobvl: CChar, _ jobvr: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32,
    _ wr: UnsafeMutableRawPointer, _ wi: UnsafeMutableRawPointer, _ vl: UnsafeMutableRawPointer, _ ldvl: Int32,
    _ vr: UnsafeMutableRawPointer, _ ldvr: Int32, _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32
  /// Least squares by singular values.
  static func gelsd(
    _ m: Int32, _ n: Int32, _ count: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ b: UnsafeMutableRawPointer,
    _ ldb: Int32, _ s: UnsafeMutableRawPointer, _ rcond: Double, _ rank: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32
}

extension RealScalar {
  /// The LAPACK functions of this precision.
  static var lapack: any LAPACKFunctions.Type {
    BLASCounters.record(.lapack)
    return elementType == .float ? SinglePrecisionLAPACK.self : DoublePrecisionLAPACK.self
  }
}

extension CChar {
  /// A job character of LAPACK.
  static func job(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }
}

private enum SinglePrecisionLAPACK: LAPACKFunctions {
  static func getrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      CallStack.withRoom { LAPACKE_sgetrf_work(LAPACK_COL_MAJOR, m, n, a.singles, lda, pivots) }
    }
  }
  static func getrs(
    _ trans: CChar, _ n: Int32, _ count: Int32, _ a: UnsafeRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutableRawPointer, _ ldb: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgetrs_work(LAPACK_COL_MAJOR, trans, n, count, a.singles, lda, pivots, b.singles, ldb)
    }
  }
  static func getri(
    _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgetri_work(LAPACK_COL_MAJOR, n, a.singles, lda, pivots, work.singles, lwork)
    }
  }
  static func potrf(_ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32) -> Int32 {
    withBuffer {
      LAPACKE_spotrf_work(LAPACK_COL_MAJOR, uplo, n, a.singles, lda)
    }
  }
  static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgeqrf_work(LAPACK_COL_MAJOR, m, n, a.singles, lda, tau.singles, work.singles, lwork)
    }
  }
  static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_sorgqr_work(LAPACK_COL_MAJOR, m, n, k, a.singles, lda, tau.singles, work.singles, lwork)
    }
  }
  static func gesdd(
    _ job: CChar, _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ s: UnsafeMutableRawPointer,
    _ u: UnsafeMutableRawPointer, _ ldu: Int32, _ vt: UnsafeMutableRawPointer, _ ldvt: Int32,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgesdd_work(
        LAPACK_COL_MAJOR, job, m, n, a.singles, lda, s.singles, u.singles, ldu, vt.singles, ldvt, work.singles, lwork,
        iwork)
    }
  }
  static func syevd(
    _ job: CChar, _ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ w: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_ssyevd_work(LAPACK_COL_MAJOR, job, uplo, n, a.singles, lda, w.singles, work.singles, lwork, iwork, liwork)
    }
  }
  static func geev(
    _ jobvl: CChar, _ jobvr: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32,
    _ wr: UnsafeMutableRawPointer, _ wi: UnsafeMutableRawPointer, _ vl: UnsafeMutableRawPointer, _ ldvl: Int32,
    _ vr: UnsafeMutableRawPointer, _ ldvr: Int32, _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgeev_work(
        LAPACK_COL_MAJOR, jobvl, jobvr, n, a.singles, lda, wr.singles, wi.singles, vl.singles, ldvl, vr.singles, ldvr,
        work.singles, lwork)
    }
  }
  static func gelsd(
    _ m: Int32, _ n: Int32, _ count: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ b: UnsafeMutableRawPointer,
    _ ldb: Int32, _ s: UnsafeMutableRawPointer, _ rcond: Double, _ rank: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      LAPACKE_sgelsd_work(
        LAPACK_COL_MAJOR, m, n, count, a.singles, lda, b.singles, ldb, s.singles, Float(rcond), rank, work.singles,
        lwork,
        iwork)
    }
  }
}

private enum DoublePrecisionLAPACK: LAPACKFunctions {
  static func getrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      CallStack.withRoom { LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, m, n, a.doubles, lda, pivots) }
    }
  }
  static func getrs(
    _ trans: CChar, _ n: Int32, _ count: Int32, _ a: UnsafeRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ b: UnsafeMutableRawPointer, _ ldb: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, trans, n, count, a.doubles, lda, pivots, b.doubles, ldb)
    }
  }
  static func getri(
    _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ pivots: UnsafePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgetri_work(LAPACK_COL_MAJOR, n, a.doubles, lda, pivots, work.doubles, lwork)
    }
  }
  static func potrf(_ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32) -> Int32 {
    withBuffer {
      LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, uplo, n, a.doubles, lda)
    }
  }
  static func geqrf(
    _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, m, n, a.doubles, lda, tau.doubles, work.doubles, lwork)
    }
  }
  static func orgqr(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ tau: UnsafeRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, m, n, k, a.doubles, lda, tau.doubles, work.doubles, lwork)
    }
  }
  static func gesdd(
    _ job: CChar, _ m: Int32, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ s: UnsafeMutableRawPointer,
    _ u: UnsafeMutableRawPointer, _ ldu: Int32, _ vt: UnsafeMutableRawPointer, _ ldvt: Int32,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgesdd_work(
        LAPACK_COL_MAJOR, job, m, n, a.doubles, lda, s.doubles, u.doubles, ldu, vt.doubles, ldvt, work.doubles, lwork,
        iwork)
    }
  }
  static func syevd(
    _ job: CChar, _ uplo: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ w: UnsafeMutableRawPointer,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>, _ liwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, job, uplo, n, a.doubles, lda, w.doubles, work.doubles, lwork, iwork, liwork)
    }
  }
  static func geev(
    _ jobvl: CChar, _ jobvr: CChar, _ n: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32,
    _ wr: UnsafeMutableRawPointer, _ wi: UnsafeMutableRawPointer, _ vl: UnsafeMutableRawPointer, _ ldvl: Int32,
    _ vr: UnsafeMutableRawPointer, _ ldvr: Int32, _ work: UnsafeMutableRawPointer, _ lwork: Int32
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgeev_work(
        LAPACK_COL_MAJOR, jobvl, jobvr, n, a.doubles, lda, wr.doubles, wi.doubles, vl.doubles, ldvl, vr.doubles, ldvr,
        work.doubles, lwork)
    }
  }
  static func gelsd(
    _ m: Int32, _ n: Int32, _ count: Int32, _ a: UnsafeMutableRawPointer, _ lda: Int32, _ b: UnsafeMutableRawPointer,
    _ ldb: Int32, _ s: UnsafeMutableRawPointer, _ rcond: Double, _ rank: UnsafeMutablePointer<Int32>,
    _ work: UnsafeMutableRawPointer, _ lwork: Int32, _ iwork: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    withBuffer {
      LAPACKE_dgelsd_work(
        LAPACK_COL_MAJOR, m, n, count, a.doubles, lda, b.doubles, ldb, s.doubles, rcond, rank, work.doubles, lwork,
        iwork)
    }
  }
}
