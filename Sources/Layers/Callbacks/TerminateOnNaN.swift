public import Tensor

/// Ends training when the loss is NaN or infinite.
public final class TerminateOnNaN<Scalar: RealScalar>: Callback {
  /// Creates a callback that ends training after the first batch whose loss is NaN or infinite.
  public init() {}

  public func batchEnded(_ run: inout TrainingRun<Scalar>) {
    if !run.logs.loss.isFinite {
      run.stop("the loss is \(short(run.logs.loss)) at batch \(run.batch + 1) of epoch \(run.epoch + 1)")
    }
  }
}
