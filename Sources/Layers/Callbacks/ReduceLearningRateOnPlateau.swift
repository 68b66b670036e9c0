public import Tensor

/// Lowers the learning rate when a result has not improved for some epochs: Keras's ReduceLROnPlateau.
public final class ReduceLearningRateOnPlateau<Scalar: RealScalar>: Callback {
  /// What the learning rate is multiplied by.
  public let factor: Double
  /// Epochs without improvement after which it is lowered.
  public let patience: Int
  /// Epochs after a change in which none is counted.
  public let cooldown: Int
  /// It is not lowered further than this.
  public let minimumRate: Double

  private var monitor: Monitor
  private var wait = 0
  private var cooling = 0

  /// Traps for a factor that is not in 0..<1, negative counts or a negative rate.
  /// - Parameter monitor: a name of ``Logs``.
  /// - Parameter factor: what the learning rate is multiplied by.
  /// - Parameter patience: epochs without improvement after which it is lowered.
  /// - Parameter mode: whether larger or smaller is better.
  /// - Parameter minimumDelta: how much better counts as better.
  /// - Parameter cooldown: epochs after that which do not count.
  /// - Parameter minimumRate: it is not lowered further.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, mode: MonitorMode = .automatic,
    minimumDelta: Double = 1e-4, cooldown: Int = 0, minimumRate: Double = 0
  ) {
    require(
      (0..<1).contains(factor), "ReduceLearningRateOnPlateau: the factor is \(factor), allowed are numbers in 0..<1")
    require(
      patience >= 0 && cooldown >= 0 && minimumRate >= 0,
      "ReduceLearningRateOnPlateau: patience is \(patience), cooldown \(cooldown), minimumRate \(minimumRate); "
        + "allowed are numbers from 0 on")
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
