internal import CKernels
internal import COpenBLAS

/// Calls of functions that take more stack than small threads have.
enum CallStack {
  /// What OpenBLAS's `getrf` takes on several threads: each level of its recursion keeps half a megabyte for the
  /// work of up to 64 threads. Measured (0.3.21, orders from 100 to 2500): 1 to 5 MB; alone, and every other function that is
  /// called here, less than 128 KB.
  static let needed = 6 << 20
  private static let size = 16 << 20

  /// Calls `body`, on another thread where this one's stack is too small for the threads of BLAS. One load and a subtraction
  /// where it is not; a thread costs some 50 µs.
  static func withRoom(_ body: () -> Int32) -> Int32 {
    if ck_free_stack() >= needed || openblas_get_num_threads() == 1 { return body() }
    return withoutActuallyEscaping(body) { body in
      var call = (body: body, result: Int32(0))
      withUnsafeMutablePointer(to: &call) { call in
        let isDone = ck_call_on_stack(
          size,
          { context in
            let call = context.assumingMemoryBound(to: (body: () -> Int32, result: Int32).self)
            call.pointee.result = call.pointee.body()
          }, call)
        require(isDone, "no memory for a stack of \(size) bytes, which LAPACK needs")
      }
      return call.result
    }
  }
}
