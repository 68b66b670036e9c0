internal import Tensor

/// Passes that no computation has at the moment, with their memory: one for each thread that computes at once.
final class PassPool<Scalar: RealScalar>: Sendable {
  private let free = Lock<[Pass<Scalar>]>([])

  func take() -> Pass<Scalar> { free.withLock { $0.popLast() } ?? Pass() }

  func give(_ pass: Pass<Scalar>) { free.withLock { $0.append(pass) } }
}
