internal import CLAPACKE
internal import COpenBLAS

extension Float: RealScalar {
  public typealias Sum = Float
  public static var elementType: ElementType { .float }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(real: FloatElement.self) }
}

private enum FloatElement: RealElement {
  typealias Scalar = Float
  static var storedType: StoredType { .float32 }
  static var leastWithExponent: Float { 1e6 }
  static var squareScale: Float { 0x1p90 }

  nonisolated(unsafe) static let ones = vectorOfOnes(Float.self)
  static var gemm: Gemm { cblas_sgemm }
  static var gemv: Gemv { cblas_sgemv }
  static var ger: Ger { cblas_sger }
  static var trsm: Trsm { cblas_strsm }
  static var dot: Dot { cblas_dsdot }
  static var shortDot: ShortDot { cblas_sdot }
  static var axpy: Axpy { cblas_saxpy }
  static var scal: Scal { cblas_sscal }
  static var nrm2: Nrm2 { cblas_snrm2 }

  static var getrf: Getrf { LAPACKE_sgetrf_work }
  static var getrs: Getrs { LAPACKE_sgetrs_work }
  static var getri: Getri { LAPACKE_sgetri_work }
  static var potrf: Potrf { LAPACKE_spotrf_work }
  static var geqrf: Geqrf { LAPACKE_sgeqrf_work }
  static var orgqr: Orgqr { LAPACKE_sorgqr_work }
  static var gesdd: Gesdd { LAPACKE_sgesdd_work }
  static var syevd: Syevd { LAPACKE_ssyevd_work }
  static var geev: Geev { LAPACKE_sgeev_work }
  static var gelsd: Gelsd { LAPACKE_sgelsd_work }
}
