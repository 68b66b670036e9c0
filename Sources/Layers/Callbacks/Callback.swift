public import Tensor

/// Something that is told how training goes and may change it.
///
/// ```swift
/// final class Annealing: Callback {
///   func epochEnded(_ run: inout TrainingRun<Float>) { run.learningRate *= 0.9 }
/// }
/// ```
///
/// An error that it throws ends training. The model keeps the weights that it has then; where no step has been made, all is as
/// it was before training.
public protocol Callback<Scalar>: AnyObject {
  /// The element type of the model.
  associatedtype Scalar: RealScalar

  /// Called once, before the first batch; nothing by default.
  func trainingBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called before the first batch of every epoch; nothing by default.
  func epochBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called after every step of the optimizer; nothing by default.
  func batchEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called before the model is judged by the validation data; nothing by default.
  func validationBegan(_ run: inout TrainingRun<Scalar>) throws
  /// Called when the model has been judged by them; nothing by default.
  func validationEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called after every epoch, when the validation is done; nothing by default.
  func epochEnded(_ run: inout TrainingRun<Scalar>) throws
  /// Called once, after the last epoch or when training has been stopped; nothing by default.
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

  /// Calls `body` after each epoch; what it throws ends training.
  public init(_ body: @escaping (inout TrainingRun<Scalar>) throws -> Void) { self.body = body }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws { try body(&run) }
}

/// Calls a function after each batch; it may stop training.
public final class BatchEnd<Scalar: RealScalar>: Callback {
  private let body: (inout TrainingRun<Scalar>) throws -> Void

  /// Calls `body` after each batch; what it throws ends training.
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

  /// - Parameter rate: from the epoch, numbered from 0, and the learning rate before it, the new one.
  ///   Training throws where a schedule decides on the learning rate.
  public init(_ rate: @escaping (_ epoch: Int, _ rate: Double) -> Double) { self.rate = rate }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    try run.requireSettableLearningRate("LearningRateScheduler")
  }

  public func epochBegan(_ run: inout TrainingRun<Scalar>) { run.learningRate = rate(run.epoch, run.learningRate) }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) { run.log("learning_rate", run.learningRate) }
}
