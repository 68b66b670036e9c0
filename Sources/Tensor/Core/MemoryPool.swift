package import CKernels

/// The memory of one computation: what tensors give up while it runs is kept for those of its next run.
package final class MemoryPool {
  @usableFromInline package let pool: OpaquePointer

  package init() {
    guard let pool = ck_pool_create() else { trap("no memory for a computation") }
    self.pool = pool
  }

  deinit { ck_pool_destroy(pool) }

  /// Runs `body`, whose tensors have their memory from here, as far as there is some. One thread at a time.
  /// - Parameter isOutermost: false within another run of the same pool's.
  @inlinable @inline(__always)
  package func lend(to body: (_ isOutermost: Bool) throws -> Void) rethrows {
    let outer = ck_pool_enter(pool)
    defer { ck_pool_leave(outer) }
    try body(outer != pool)
  }
}
