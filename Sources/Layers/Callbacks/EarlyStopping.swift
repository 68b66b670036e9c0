public import Tensor

/// Ends training when a result has not improved for some epochs.
public final class EarlyStopping<Scalar: RealScalar>: Callback {
  /// The number of epochs without improvement after which training ends.
  public let patience: Int
  /// Whether the model gets the weights of the best epoch at the end.
  public let restoresBestWeights: Bool
  /// The first epoch whose result is considered.
  public let startFromEpoch: Int
  /// The epoch with the best result so far.
  public private(set) var bestEpoch: Int?
  /// The best result so far.
  public var best: Double? { monitor.best }

  private var monitor: Monitor
  private let baseline: Double?
  private var wait = 0
  private var bestModel: (Model<Scalar>)?

  /// Creates a callback that ends training when a result stops improving.
  /// - Parameter monitor: the name of a result in ``Logs``.
  /// - Parameter minimumDelta: the smallest difference that counts as an improvement.
  /// - Parameter patience: the number of epochs without improvement, at least 0, after which training ends.
  /// - Parameter mode: whether larger or smaller is better.
  /// - Parameter baseline: a result that must be exceeded.
  /// - Parameter restoresBestWeights: whether the model gets the weights of the best epoch at the end. They take the memory of
  ///   a second model.
  /// - Parameter startFromEpoch: the first epoch whose result is considered.
  public init(
    monitor: String = "val_loss", minimumDelta: Double = 0, patience: Int = 0, mode: MonitorMode = .automatic,
    baseline: Double? = nil, restoresBestWeights: Bool = false, startFromEpoch: Int = 0
  ) {
    require(patience >= 0, "EarlyStopping: the patience is \(patience); allowed: integers of at least 0")
    self.patience = patience
    self.restoresBestWeights = restoresBestWeights
    self.startFromEpoch = startFromEpoch
    self.baseline = baseline
    self.monitor = Monitor("EarlyStopping", monitor, mode, minimumDelta: minimumDelta)
  }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    try monitor.requireComputed(run.resultNames)
    monitor.reset()
    wait = 0
    bestEpoch = nil
    bestModel = nil
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    let value = try monitor.value(run.logs)
    guard run.epoch >= startFromEpoch else { return }
    if restoresBestWeights && bestModel == nil { keep(run.model) }
    wait += 1
    if monitor.improves(value) {
      bestEpoch = run.epoch
      if restoresBestWeights { keep(run.model) }
      if baseline.map({ isBetter(value, than: $0) }) ?? true { wait = 0 }
      return
    }
    if wait >= patience && run.epoch > 0 && wait > 0 {
      run.stop("\(monitor.name) has not improved for \(wait) epoch\(wait == 1 ? "" : "s")")
    }
  }

  private func keep(_ model: Model<Scalar>) {
    bestModel = model
    bestModel!.compilation = nil  // the optimizer keeps its current state
  }

  private func isBetter(_ value: Double, than baseline: Double) -> Bool {
    var reference = monitor
    reference.reset()
    _ = reference.improves(baseline)
    return reference.isBetter(value)
  }

  public func trainingEnded(_ run: inout TrainingRun<Scalar>) {
    if let bestModel { run.model = bestModel }
    bestModel = nil
  }
}
