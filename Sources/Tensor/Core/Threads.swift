internal import CKernels
internal import COpenBLAS

/// The threads that computations run on. The package's own kernels give the same result whatever their number; products
/// and decompositions by BLAS and LAPACK may differ in the last bits.
public enum Threads {
  /// How many threads BLAS and LAPACK use: at first OPENBLAS_NUM_THREADS, or as many as there are cores.
  public static var count: Int {
    get { Int(openblas_get_num_threads()) }
    set {
      require(newValue >= 1, "the number of threads is \(newValue), allowed are numbers from 1 on")
      openblas_set_num_threads(Int32(clamping: newValue))
    }
  }

  /// Keeps the calling thread, and those it starts, on one processor; a benchmark wants that.
  /// - Returns: whether the system agreed.
  @discardableResult
  public static func bind(toProcessor processor: Int) -> Bool { ck_bind_to_processor(Int32(clamping: processor)) }
}

/// What the package computes with on this machine.
public enum ComputeEnvironment {
  /// The instruction set of the kernels: `avx512`, `avx2`, `baseline` or `neon`.
  public static var instructionSet: String { Kernels.best.name }
  /// Every instruction set that the kernels support here, best first.
  public static var instructionSets: [String] { Kernels.supported.map(\.name) }
  /// The processor that OpenBLAS chose its kernels for.
  public static var blasCore: String { String(cString: openblas_get_corename()) }
  /// OpenBLAS's version and build options.
  public static var blasConfiguration: String { String(cString: openblas_get_config()) }
}
