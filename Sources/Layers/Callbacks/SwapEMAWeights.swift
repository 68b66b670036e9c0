public import Tensor

/// Judges the model by the moving averages of its weights, which its optimizer keeps: Keras's SwapEMAWeights.
///
/// ```swift
/// model.compile(
///   optimizer: .sgd(learningRate: 0.1).with(movingAverage: MovingAverage(momentum: 0.99)),
///   loss: .sparseCategoricalCrossentropy)
/// try model.fit(
///   images, labels, epochs: 2, validationSplit: 0.1, callbacks: [SwapEMAWeights()], using: &generator)
/// ```
///
/// Averages take the weights' place during validation, and training goes on with the weights. At its end the averages become the
/// weights, as always where an optimizer keeps them.
public final class SwapEMAWeights<Scalar: RealScalar>: Callback {
  /// Whether averages are also in place when callbacks that stand behind this one are told of an epoch's end: for a
  /// ``ModelCheckpoint``.
  public let swapsAtEpochEnd: Bool

  /// - Parameter swapsAtEpochEnd: whether averages are also in place for what callbacks behind this one do at an epoch's end.
  public init(swapsAtEpochEnd: Bool = false) { self.swapsAtEpochEnd = swapsAtEpochEnd }

  /// - Throws: ``TrainingError`` where the optimizer keeps no averages.
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
