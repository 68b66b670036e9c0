internal import CKernels
import Dispatch

/// The right to change the number of threads, which is the process's: tests that change it wait for each other, so that each
/// restores what it found.
public struct ThreadCount {
  private static let right = DispatchSemaphore(value: 1)
  private let initial: Int32

  public init() {
    Self.right.wait()
    initial = ck_threads()
  }

  public func restore() {
    ck_set_threads(initial)
    Self.right.signal()
  }
}
