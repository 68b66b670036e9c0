public import Tensor

/// Saves the model's weights in files, after each epoch or only after those with the best result so far.
///
/// ```swift
/// let checkpoint = ModelCheckpoint<Float>("checkpoints/{epoch}", monitor: "val_accuracy", savesBestOnly: true)
/// ```
///
/// The weights are written to a folder of .npy files by ``Model/writeWeights(toFolder:)``; a complete file replaces the
/// previous one at once.
public final class ModelCheckpoint<Scalar: RealScalar>: Callback {
  /// The path, in which `{epoch}`, numbered from 1, and names of results in braces are replaced by their values.
  public let path: String
  /// Whether weights are saved only if their result is the best so far.
  public let savesBestOnly: Bool
  private var monitor: Monitor
  private let save: (Model<Scalar>, String) throws -> Void

  /// - Parameter path: the path, in which `{epoch}`, numbered from 1, and names of results in braces are replaced by
  ///   their values.
  /// - Parameter monitor: the name of a result in ``Logs``.
  /// - Parameter mode: whether larger or smaller is better.
  /// - Parameter savesBestOnly: whether weights are saved only if their result is the best so far.
  /// - Parameter save: a function that writes the model in another format.
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
