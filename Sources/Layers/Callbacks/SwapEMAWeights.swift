public import Tensor

/// Evaluates the model with the moving averages of its weights, which its optimizer computes: Keras's SwapEMAWeights.
///
/// ```swift
/// model.compile(
///   optimizer: .sgd(learningRate: 0.1).with(movingAverage: MovingAverage(momentum: 0.99)),
///   loss: .sparseCategoricalCrossentropy)
/// try model.fit(
///   images, labels, epochs: 2, validationSplit: 0.1, callbacks: [SwapEMAWeights()], using: &generator)
/// ```
///
/// The averages replace the weights during validation, and training continues with the weights. At the end of training,
/// the averages become the weights, as they always do if an optimizer computes them.
public final class SwapEMAWeights<Scalar: RealScalar>: Callback {
  /// Whether the averages are also in place when later callbacks are notified of an epoch's end, for example a
  /// ``ModelCheckpoint``.
  public let swapsAtEpochEnd: Bool

  /// - Parameter swapsAtEpochEnd: whether the averages are also in place when later callbacks are notified of an
  ///   epoch's end.
  public init(swapsAtEpochEnd: Bool = false) { self.swapsAtEpochEnd = swapsAtEpochEnd }

  /// - Throws: ``TrainingError`` if the optimizer computes no averages.
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    guard run.keepsAverages else {
      throw TrainingError.argument(
        name: "the moving average that the optimizer keeps for SwapEMAWeights", value: "none",
        allowed: "optimizers with one")
    }
  }

  public func epochBegan(_ run: inout TrainingRun<Scalar>) { run.showsAverages = false }
  public func validationBegan(_ run: inout TrainingRun<Scalar>) { run.showsAverages = true }
  public func validationEnded(_ run: inout TrainingRun<Scalar>) { run.showsAverages = false }
  public func epochEnded(_ run: inout TrainingRun<Scalar>) { if swapsAtEpochEnd { run.showsAverages = true } }
}
