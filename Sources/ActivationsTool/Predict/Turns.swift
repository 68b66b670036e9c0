import Foundation

/// Numbers from 0 on, each given to one thread. What the threads make of them is handed over in the order of the numbers, by one
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

  /// None when there are no more, or when something has gone wrong.
  func take() -> Int? {
    condition.withLock {
      guard error == nil, taken < count else { return nil }
      taken += 1
      return taken - 1
    }
  }

  /// Waits for the numbers before.
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

  /// Throws the first error, when all threads are through.
  func end() throws { if let error { throw error } }
}
