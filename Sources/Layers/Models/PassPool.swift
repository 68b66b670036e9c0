internal import Synchronization
internal import Tensor

/// Passes that no computation has at the moment, with their memory: one for each thread that computes at once.
final class PassPool<Scalar: RealScalar>: Sendable {
  private struct Free: @unchecked Sendable {
    var passes: [Pass<Scalar>] = []
  }

  private let free = Mutex(Free())

  func take() -> Pass<Scalar> { free.withLock { $0.passes.popLast() } ?? Pass() }

  func give(_ pass: Pass<Scalar>) { free.withLock { $0.passes.append(pass) } }
}
