internal import CKernels
internal import COpenBLAS

/// The threads that computations run on: those of the package's own pool, and BLAS's.
///
/// The package's own kernels give the same result whatever their number; products and decompositions by BLAS and LAPACK
/// may differ in the last bits. The pool's threads start with the first call that is long enough to be shared (some
/// 16,384 elements), spin for some tens of microseconds after their work, then sleep. Calls from several threads at once
/// are safe; one of them has the pool. After a fork the child computes on one thread.
public enum Threads {
  /// How many threads one call uses, the caller's included: 1 to 256. More are as many as there can be; BLAS may take
  /// fewer.
  ///
  /// At first it is the number in the environment variable ACTIVATIONS_NUM_THREADS, if that is positive; else
  /// OPENBLAS_NUM_THREADS or OMP_NUM_THREADS, where that is smaller than the number of processors that this process may
  /// run on; else that number.
  public static var count: Int {
    get { Int(ck_threads()) }
    set {
      require(newValue >= 1, "the number of threads is \(newValue); allowed: numbers of at least 1")
      ck_set_threads(Int32(clamping: newValue))
      ck_set_blas_threads(Int32(clamping: newValue))
    }
  }

  /// Runs the body on so many threads at once, the calling one included, and waits for all; on fewer where the system
  /// refuses threads.
  package static func run(on count: Int, _ body: @Sendable () -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { context in
        ck_run_on_threads(
          Int32(clamping: count), { $0.assumingMemoryBound(to: (@Sendable () -> Void).self).pointee() },
          UnsafeMutableRawPointer(mutating: context))
      }
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
  /// How many threads BLAS uses.
  public static var blasThreads: Int { Int(openblas_get_num_threads()) }
  /// The processor that OpenBLAS chose its kernels for.
  public static var blasCore: String { String(cString: openblas_get_corename()) }
  /// OpenBLAS's version and build options.
  public static var blasConfiguration: String { String(cString: openblas_get_config()) }
}
