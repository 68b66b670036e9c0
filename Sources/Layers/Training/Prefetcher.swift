internal import Glibc
internal import Tensor

/// Creates elements on another thread, one ahead of the consumer.
final class Prefetcher<Element: Sendable>: Sendable {
  private struct State {
    /// The element ready to be taken; `nil` at the end.
    var made: Result<Element?, any Error>?
    var hasEnded = false
    var isStopped = false
  }

  private let state = WaitableLock(State())
  private let make: @Sendable () throws -> Element?
  private let thread: Lock<pthread_t?>

  /// - Parameter make: called by one thread at a time until it returns `nil` or throws. If the system refuses a thread,
  ///   the consumer's thread calls it.
  init(_ make: @escaping @Sendable () throws -> Element?) {
    self.make = make
    thread = Lock(nil)
    let started = startThread { [state, make] in
      while true {
        let result = Result { try make() }
        let isLast = if case .success(.some) = result { false } else { true }
        let goesOn = state.withLock { state, lock in
          state.made = result
          state.hasEnded = isLast
          lock.wake()
          while state.made != nil && !state.isStopped && !isLast { lock.wait() }
          return !isLast && !state.isStopped
        }
        if !goesOn { return }
      }
    }
    thread.withLock { $0 = started }
  }

  /// Returns the next element, or throws the error of creating it; `nil` after the end.
  func next() throws -> Element? {
    guard thread.withLock({ $0 != nil }) else { return try make() }
    let result = state.withLock { state, lock in
      while state.made == nil && !state.hasEnded { lock.wait() }
      defer { lock.wake() }
      return state.made.take() ?? .success(nil)
    }
    return try result.get()
  }

  /// Waits for the current element and for the thread to end.
  func stop() {
    guard let thread = thread.withLock({ $0.take() }) else { return }
    state.withLock { state, lock in
      state.isStopped = true
      lock.wake()
    }
    pthread_join(thread, nil)
  }
}

/// A lock with which one thread can wait for another.
private final class WaitableLock<Value>: @unchecked Sendable {
  private let lock: Lock<Value>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(_ value: sending Value) {
    lock = Lock(value)
    changed = .allocate(capacity: 1)
    changed.initialize(to: pthread_cond_t())
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    changed.deallocate()
  }

  func withLock<Result>(_ body: (inout Value, WaitableLock) -> Result) -> Result {
    lock.withLock { body(&$0, self) }
  }

  /// Waits within the lock, which is released meanwhile.
  func wait() { pthread_cond_wait(changed, lock.mutex) }
  func wake() { pthread_cond_broadcast(changed) }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a thread that must be joined; returns `nil` if the system refuses it.
private func startThread(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
  let body = Unmanaged.passRetained(ThreadBody(run))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue().run()
      return nil
    }, body.toOpaque())
  if code == 0 { return thread }
  body.release()
  return nil
}
