public import Tensor

/// How a model is trained: what moves its weights, what it is to minimise, and what is reported besides.
public struct Compilation<Scalar: RealScalar>: Sendable {
  /// What training minimises.
  public var loss: Loss<Scalar>
  /// Every sample counts the same in them.
  public var metrics: [Metric<Scalar>]
  /// Samples count in them as much as in the loss.
  public var weightedMetrics: [Metric<Scalar>]
  /// The optimizer with what it keeps from step to step.
  public var optimizer: OptimizerState<Scalar>

  /// An optimizer that has not begun. Traps where its clipping has a limit that is none.
  public init(
    optimizer: Optimizer<Scalar>, loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    self.loss = loss
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
    self.optimizer = OptimizerState(optimizer)
  }
}

extension Model {
  /// Says how the model is to be trained. What an optimizer has kept from training before is dropped.
  ///
  /// ```swift
  /// model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
  /// model.compile(optimizer: "sgd", loss: "mse")
  /// ```
  public mutating func compile(
    optimizer: Optimizer<Scalar> = .rmsprop(), loss: Loss<Scalar>, metrics: [Metric<Scalar>] = [],
    weightedMetrics: [Metric<Scalar>] = []
  ) {
    compilation = Compilation(
      optimizer: optimizer, loss: loss, metrics: metrics, weightedMetrics: weightedMetrics)
  }
}
