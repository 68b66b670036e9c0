internal import CLAPACKE
internal import COpenBLAS

extension Double: RealScalar {
  public typealias Sum = Double
  public static var elementType: ElementType { .double }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(real: DoubleElement.self) }
}

private enum DoubleElement: RealElement {
  typealias Scalar = Double
  static var storedType: StoredType { .float64 }
  static var leastWithExponent: Double { 1e16 }
  static var squareScale: Double { 0x1p600 }

  nonisolated(unsafe) static let ones = vectorOfOnes(Double.self)
  static var gemm: Gemm { cblas_dgemm }
  static var gemv: Gemv { cblas_dgemv }
  static var ger: Ger { cblas_dger }
  static var trsm: Trsm { cblas_dtrsm }
  static var dot: Dot { cblas_ddot }
  static var shortDot: ShortDot { cblas_ddot }
  static var axpy: Axpy { cblas_daxpy }
  static var scal: Scal { cblas_dscal }
  static var nrm2: Nrm2 { cblas_dnrm2 }

  static var getrf: Getrf { LAPACKE_dgetrf_work }
  static var getrs: Getrs { LAPACKE_dgetrs_work }
  static var getri: Getri { LAPACKE_dgetri_work }
  static var potrf: Potrf { LAPACKE_dpotrf_work }
  static var geqrf: Geqrf { LAPACKE_dgeqrf_work }
  static var orgqr: Orgqr { LAPACKE_dorgqr_work }
  static var gesdd: Gesdd { LAPACKE_dgesdd_work }
  static var syevd: Syevd { LAPACKE_dsyevd_work }
  static var geev: Geev { LAPACKE_dgeev_work }
  static var gelsd: Gelsd { LAPACKE_dgelsd_work }
}
