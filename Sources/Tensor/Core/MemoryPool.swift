internal import CKernels

/// The memory of one computation: what tensors give up while it runs is kept for those of its next run.
package final class MemoryPool {
  private let pool: OpaquePointer

  package init() {
    guard let pool = ck_pool_create() else { trap("no memory for a computation") }
    self.pool = pool
  }

  deinit { ck_pool_destroy(pool) }

  /// Begins a run: from now on the calling thread's tensors have their memory from here, as far as there is some. One thread at a time.
  /// - Returns: the pool that the thread had its memory from, for ``leave(for:)``.
  package func enter() -> Outer { Outer(pool: ck_pool_enter(pool)) }

  /// Ends the run.
  package func leave(for outer: Outer) { ck_pool_leave(outer.pool) }

  /// Whether a run began within another one of the same pool.
  package func isWithin(_ outer: Outer) -> Bool { outer.pool == pool }

  /// What memory came from before a run: a pool, or none.
  package struct Outer {
    fileprivate let pool: OpaquePointer?
  }
}
