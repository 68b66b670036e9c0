public import Tensor

/// Keeps the model's weights in files, after each epoch or after those that are better than all before.
///
/// ```swift
/// let checkpoint = ModelCheckpoint<Float>("checkpoints/{epoch}", monitor: "val_accuracy", savesBestOnly: true)
/// ```
///
/// The weights go to a folder of .npy files, as ``Model/writeWeights(toFolder:)`` writes them; a file is replaced at once when it
/// is complete.
public final class ModelCheckpoint<Scalar: RealScalar>: Callback {
  /// `{epoch}`, counted from 1, and names of results in braces stand for their values.
  public let path: String
  /// Whether only results that are better than all before are kept.
  public let savesBestOnly: Bool
  private var monitor: Monitor
  private let save: (Model<Scalar>, String) throws -> Void

  /// - Parameter path: `{epoch}`, counted from 1, and names of results in braces stand for their values.
  /// - Parameter monitor: a name of ``Logs``.
  /// - Parameter mode: whether larger or smaller is better.
  /// - Parameter savesBestOnly: whether only results better than all before are kept.
  /// - Parameter save: writes the model in another form.
  public init(
    _ path: String, monitor: String = "val_loss", mode: MonitorMode = .automatic, savesBestOnly: Bool = false,
    save: @escaping (Model<Scalar>, _ path: String) throws -> Void = { try $0.writeWeights(toFolder: $1) }
  ) {
    self.path = path
    self.savesBestOnly = savesBestOnly
    self.save = save
    self.monitor = Monitor("ModelCheckpoint", monitor, mode)
  }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    if savesBestOnly { try monitor.requireComputed(run.resultNames) }
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    if savesBestOnly {
      let value = try monitor.value(run.logs)
      guard monitor.improves(value) else { return }
    }
    try save(run.model, path(for: run))
  }

  private func path(for run: TrainingRun<Scalar>) -> String {
    var result = path.replacing("{epoch}", with: "\(run.epoch + 1)")
    for name in run.logs.names { result = result.replacing("{\(name)}", with: short(run.logs[name]!)) }
    return result
  }
}
