package import Glibc

/// A value that one thread at a time reads and changes.
///
/// A `pthread_mutex_t` rather than the standard library's `Mutex`, whose order of threads ThreadSanitizer does not see.
package final class Lock<Value>: @unchecked Sendable {
  @usableFromInline package var value: Value
  @usableFromInline package let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  @inlinable @inline(__always)
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
