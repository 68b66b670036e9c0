public import Tensor

/// Something that is told how training goes and may change it.
///
/// ```swift
/// final class Annealing: Callback {
///   func epochEnded(_ run: inout TrainingRun<Float>) { run.learningRate *= 0.9 }
/// }
/// ```
///
/// An error that it throws ends training; the model keeps the weights it has then.
public protocol Callback<Scalar>: AnyObject {
  associatedtype Scalar: RealScalar

  func trainingBegan(_ run: inout TrainingRun<Scalar>) throws
  func epochBegan(_ run: inout TrainingRun<Scalar>) throws
  func batchEnded(_ run: inout TrainingRun<Scalar>) throws
  func epochEnded(_ run: inout TrainingRun<Scalar>) throws
  func trainingEnded(_ run: inout TrainingRun<Scalar>) throws
}

extension Callback {
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {}
  public func epochBegan(_ run: inout TrainingRun<Scalar>) throws {}
  public func batchEnded(_ run: inout TrainingRun<Scalar>) throws {}
  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {}
  public func trainingEnded(_ run: inout TrainingRun<Scalar>) throws {}
}

/// Calls a function after each epoch: `EpochEnd { run in print(run.logs) }`.
public final class EpochEnd<Scalar: RealScalar>: Callback {
  private let body: (inout TrainingRun<Scalar>) throws -> Void

  public init(_ body: @escaping (inout TrainingRun<Scalar>) throws -> Void) { self.body = body }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws { try body(&run) }
}

/// Calls a function after each batch; it may stop training.
public final class BatchEnd<Scalar: RealScalar>: Callback {
  private let body: (inout TrainingRun<Scalar>) throws -> Void

  public init(_ body: @escaping (inout TrainingRun<Scalar>) throws -> Void) { self.body = body }

  public func batchEnded(_ run: inout TrainingRun<Scalar>) throws { try body(&run) }
}

/// Sets the learning rate at the beginning of each epoch.
///
/// ```swift
/// let scheduler = LearningRateScheduler<Float> { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
/// ```
public final class LearningRateScheduler<Scalar: RealScalar>: Callback {
  private let rate: (_ epoch: Int, _ rate: Double) -> Double

  public init(_ rate: @escaping (_ epoch: Int, _ rate: Double) -> Double) { self.rate = rate }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    try run.requireSettableLearningRate("LearningRateScheduler")
  }

  public func epochBegan(_ run: inout TrainingRun<Scalar>) { run.learningRate = rate(run.epoch, run.learningRate) }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) { run.log("learning_rate", run.learningRate) }
}
