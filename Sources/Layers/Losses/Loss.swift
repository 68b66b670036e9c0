public import Tensor

/// How far predictions are from what they should be: a value that is called on tensors, compared, printed, stored and named.
///
/// ```swift
/// let loss: Loss<Float> = .huber(delta: 2)
/// let value = try loss(predictions, targets)
/// let gradient = try loss.gradient(predictions, targets)
/// ```
///
/// Wherever a loss is taken, there may stand a value, or Keras's name as a literal (`"mse"`, `"MeanSquaredError"`). Names that are
/// read at run time go through `init(named:parameters:)` of `KerasFormat`, which throws where a literal stops the program.
///
/// Predictions are [batch, …], and most losses take targets of the same shape; one of the two may lack a last axis of
/// length 1. Rank 1 counts as [batch, 1]. Along the last axis a loss is reduced (``perSample(_:_:)``), then over all
/// values (``reduction``). Losses of classes take one integer per row instead. Shapes and labels are checked before anything is
/// computed.
public struct Loss<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// How the values of the samples become one.
  public var reduction: LossReduction

  package init(_ rule: Rule, reduction: LossReduction = .sumOverBatchSize) {
    self.rule = rule
    self.reduction = reduction
  }

  /// This loss with another reduction.
  public func reduced(by reduction: LossReduction) -> Loss { Loss(rule, reduction: reduction) }

  package enum Rule: Hashable, Sendable {
    case squaredError, absoluteError, absolutePercentageError, squaredLogarithmicError, logCosh
    case huber(HuberLoss)
    case hinge, squaredHinge, categoricalHinge
    case cosineSimilarity, klDivergence, poisson
    /// One of the crossentropies, by the shapes of what it is called on.
    case crossentropy
    case binaryCrossentropy(CrossentropyLoss)
    case categoricalCrossentropy(CrossentropyLoss)
    case sparseCategoricalCrossentropy(ClassCrossentropyLoss)
    case binaryFocalCrossentropy(BinaryFocalLoss)
    case categoricalFocalCrossentropy(FocalLoss)
    case generalizedCrossentropy(GeneralizedCrossentropyLoss)
    case dice(DiceLoss)
    case tversky(TverskyLoss)
    case ctc
    case circle(CircleLoss)
    case custom(CustomLoss<Scalar>)
  }
}
