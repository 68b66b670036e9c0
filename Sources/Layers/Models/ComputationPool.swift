internal import Tensor

/// A model's idle computations, with their memory: one for each concurrent thread and each shape of samples.
final class ComputationPool<Scalar: RealScalar>: Sendable {
  private struct Kept {
    var free: [Computation<Scalar>] = []
    var training: TrainingComputation<Scalar>?
    var pullback: (mode: ComputationMode, computation: Computation<Scalar>)?
  }
  private let kept = Lock(Kept())
  /// The largest number of computations: models are called with few shapes of samples.
  private static var limit: Int { 16 }

  /// A computation on inputs of this shape, if there is one.
  func take(for input: Tensor<Scalar>) -> Computation<Scalar>? {
    kept.withLock { kept in
      kept.free.lastIndex { $0.takes(input) }.map { kept.free.remove(at: $0) }
    }
  }

  func take(for inputs: [Tensor<Scalar>]) -> Computation<Scalar>? {
    kept.withLock { kept in
      kept.free.lastIndex { $0.takes(inputs) }.map { kept.free.remove(at: $0) }
    }
  }

  func give(_ computation: Computation<Scalar>) {
    kept.withLock { kept in
      if kept.free.count == Self.limit { kept.free.removeFirst() }
      kept.free.append(computation)
    }
  }

  /// The computation of the last pullback, if it was on inputs of these shapes.
  func takePullback(_ mode: ComputationMode, for inputs: [Tensor<Scalar>]) -> Computation<Scalar>? {
    kept.withLock { kept in
      guard let last = kept.pullback, last.mode == mode, last.computation.takes(inputs) else { return nil }
      kept.pullback = nil
      return last.computation
    }
  }

  func give(pullback computation: Computation<Scalar>, _ mode: ComputationMode) {
    kept.withLock { $0.pullback = (mode, computation) }
  }

  /// The computation of the last training step.
  func takeTraining() -> TrainingComputation<Scalar>? {
    kept.withLock { kept in
      kept.free.removeAll(keepingCapacity: true)
      kept.pullback = nil
      return kept.training.take()
    }
  }

  func give(_ training: TrainingComputation<Scalar>) { kept.withLock { $0.training = training } }
}
