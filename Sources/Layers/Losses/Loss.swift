public import Tensor

/// Measures the difference between predictions and targets. A loss is a value: it is called on tensors, compared,
/// printed, stored and named.
///
/// ```swift
/// let loss: Loss<Float> = .huber(delta: 2)
/// let value = try loss(predictions, targets)
/// let gradient = try loss.gradient(predictions, targets)
/// ```
///
/// A loss can be given as a value or as a literal with Keras's name (`"mse"`, `"MeanSquaredError"`). An unknown literal
/// stops the program. For a name read at run time, use `init(named:parameters:)` of `KerasFormat`, which throws.
///
/// Predictions are [batch, …]. Most losses take targets of the same shape; either may lack a last axis of length 1.
/// Rank 1 counts as [batch, 1]. A loss is reduced along the last axis (``perSample(_:_:)``), then over all values
/// (``reduction``). Losses of classes take one integer per row instead. Shapes and labels are checked before anything
/// is computed.
public struct Loss<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// Determines how the values of the samples are combined.
  public var reduction: LossReduction

  package init(_ rule: Rule, reduction: LossReduction = .sumOverBatchSize) {
    self.rule = rule
    self.reduction = reduction
  }

  /// Returns this loss with another reduction.
  public func reduced(by reduction: LossReduction) -> Loss { Loss(rule, reduction: reduction) }

  package enum Rule: Hashable, Sendable {
    case squaredError, absoluteError, absolutePercentageError, squaredLogarithmicError, logCosh
    case huber(HuberLoss)
    case hinge, squaredHinge, categoricalHinge
    case cosineSimilarity, klDivergence, poisson
    /// One of the crossentropies, chosen by the shapes of prediction and target.
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
