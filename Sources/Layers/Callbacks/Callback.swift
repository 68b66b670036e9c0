public import Tensor

/// Observes training and may change its course.
///
/// ```swift
/// final class Annealing: Callback {
///   func epochEnded(_ run: inout TrainingRun<Float>) { run.learningRate *= 0.9 }
/// }
/// ```
///
/// An error thrown by a callback ends training. The model keeps its current weights; if no step has been taken,
/// everything is as before training.
public protocol Callback<Scalar>: AnyObject {
  /// The element type of the model.
  associatedtype Scalar: RealScalar

  /// Called once, before the first batch; does nothing by default.
  func trainingBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called before the first batch of every epoch; does nothing by default.
  func epochBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called after every step of the optimizer; does nothing by default.
  func batchEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called before the model is evaluated on the validation data; does nothing by default.
  func validationBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called after the model has been evaluated on the validation data; does nothing by default.
  func validationEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called after every epoch, including its validation; does nothing by default.
  func epochEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called once, after the last epoch or when training has been stopped; does nothing by default.
  func trainingEnded(_ run: inout TrainingRun<Scalar>) throws
}

extension Callback {
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {}
  public func epochBegan(_ run: inout TrainingRun<Scalar>) throws {}
  public func batchEnded(_ run: inout TrainingRun<Scalar>) throws {}
  public func validationBegan(_ run: inout TrainingRun<Scalar>) throws {}
  public func validationEnded(_ run: inout TrainingRun<Scalar>) throws {}
  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {}
  public func trainingEnded(_ run: inout TrainingRun<Scalar>) throws {}
}

/// Calls a function after each epoch: `EpochEnd { run in print(run.logs) }`.
public final class EpochEnd<Scalar: RealScalar>: Callback {
  private let body: (inout TrainingRun<Scalar>) throws -> Void

  /// Creates a callback that calls `body` after each epoch; an error thrown by it ends training.
  public init(_ body: @escaping (inout TrainingRun<Scalar>) throws -> Void) { self.body = body }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws { try body(&run) }
}

/// Calls a function after each batch; it may stop training.
public final class BatchEnd<Scalar: RealScalar>: Callback {
  private let body: (inout TrainingRun<Scalar>) throws -> Void

  /// Creates a callback that calls `body` after each batch; an error thrown by it ends training.
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

  /// - Parameter rate: returns the new learning rate for an epoch, numbered from 0, and the previous rate. Training
  ///   throws if a schedule determines the learning rate.
  public init(_ rate: @escaping (_ epoch: Int, _ rate: Double) -> Double) { self.rate = rate }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    try run.requireSettableLearningRate("LearningRateScheduler")
  }

  public func epochBegan(_ run: inout TrainingRun<Scalar>) { run.learningRate = rate(run.epoch, run.learningRate) }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) { run.log("learning_rate", run.learningRate) }
}
