public import Tensor

/// Lowers the learning rate when a result has not improved for some epochs: Keras's ReduceLROnPlateau.
public final class ReduceLearningRateOnPlateau<Scalar: RealScalar>: Callback {
  /// The factor by which the learning rate is multiplied.
  public let factor: Double
  /// The number of epochs without improvement after which the rate is lowered.
  public let patience: Int
  /// The number of epochs after a change that do not count.
  public let cooldown: Int
  /// The lowest learning rate.
  public let minimumRate: Double

  private var monitor: Monitor
  private var wait = 0
  private var cooling = 0

  /// Creates a callback that lowers the learning rate when a result stops improving.
  /// - Parameter monitor: the name of a result in ``Logs``.
  /// - Parameter factor: the factor by which the learning rate is multiplied, in `0..<1`.
  /// - Parameter patience: the number of epochs without improvement, at least 0, after which the rate is lowered.
  /// - Parameter mode: whether larger or smaller is better.
  /// - Parameter minimumDelta: the smallest difference that counts as an improvement.
  /// - Parameter cooldown: the number of epochs after a change, at least 0, that do not count.
  /// - Parameter minimumRate: the lowest learning rate, at least 0.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, mode: MonitorMode = .automatic,
    minimumDelta: Double = 1e-4, cooldown: Int = 0, minimumRate: Double = 0
  ) {
    require(
      (0..<1).contains(factor), "ReduceLearningRateOnPlateau: the factor is \(factor); allowed: numbers in 0..<1")
    require(
      patience >= 0 && cooldown >= 0 && minimumRate >= 0,
      "ReduceLearningRateOnPlateau: patience is \(patience), cooldown \(cooldown), minimumRate \(minimumRate); "
        + "allowed: numbers of at least 0")
    self.factor = factor
    self.patience = patience
    self.cooldown = cooldown
    self.minimumRate = minimumRate
    self.monitor = Monitor("ReduceLearningRateOnPlateau", monitor, mode, minimumDelta: minimumDelta)
  }

  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    try monitor.requireComputed(run.resultNames)
    try run.requireSettableLearningRate("ReduceLearningRateOnPlateau")
    monitor.reset()
    wait = 0
    cooling = 0
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    let value = try monitor.value(run.logs)
    run.log("learning_rate", run.learningRate)
    if cooling > 0 {
      cooling -= 1
      wait = 0
    }
    if monitor.improves(value) {
      wait = 0
    } else if cooling == 0 {
      wait += 1
      if wait >= patience && run.learningRate > minimumRate {
        run.learningRate = max(run.learningRate * factor, minimumRate)
        cooling = cooldown
        wait = 0
      }
    }
  }
}
