import Foundation

/// Numbers 0, 1, …, each assigned to one thread. The threads pass on their results in the order of the numbers, one
/// thread at a time.
final class Turns<Item>: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private let handOver: (Item) throws -> Void
  private var taken = 0
  private var finished = 0
  private var error: (any Error)?

  init(count: Int, handOver: @escaping (Item) throws -> Void) {
    self.count = count
    self.handOver = handOver
  }

  /// The next number; `nil` at the end or after an error.
  func take() -> Int? {
    condition.withLock {
      guard error == nil, taken < count else { return nil }
      taken += 1
      return taken - 1
    }
  }

  /// Waits for the previous numbers.
  func finish(_ number: Int, _ item: Result<Item, any Error>) {
    condition.withLock {
      while finished < number && error == nil { condition.wait() }
      guard error == nil else { return }
      do {
        try handOver(item.get())
      } catch {
        self.error = error
      }
      finished += 1
      condition.broadcast()
    }
  }

  /// Throws the first error after all threads have ended.
  func end() throws { if let error { throw error } }
}
