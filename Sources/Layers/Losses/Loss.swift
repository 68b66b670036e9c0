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
/// read at run time go through ``init(named:parameters:)``, which throws where a literal stops the program.
///
/// Predictions are [batch, …], and most losses take targets of the same shape; one of the two may lack a last axis of
/// length 1. Rank 1 counts as [batch, 1]. Along the last axis a loss is reduced (``perSample(_:_:)``), then over all
/// values (``reduction``). Losses of classes take one integer per row instead. Shapes and labels are checked before anything is
/// computed.
public struct Loss<Scalar: RealScalar>: Configurable {
  let rule: Rule
  /// How the values of the samples become one.
  public var reduction: LossReduction

  init(_ rule: Rule, reduction: LossReduction = .sumOverBatchSize) {
    self.rule = rule
    self.reduction = reduction
  }

  /// This loss with another reduction.
  public func reduced(by reduction: LossReduction) -> Loss { Loss(rule, reduction: reduction) }

  enum Rule: Hashable, Sendable {
    case squaredError, absoluteError, absolutePercentageError, squaredLogarithmicError, logCosh
    case huber(delta: Double)
    case hinge, squaredHinge, categoricalHinge
    case cosineSimilarity, klDivergence, poisson
    /// One of the crossentropies, by the shapes of what it is called on.
    case crossentropy
    case binaryCrossentropy(fromLogits: Bool, labelSmoothing: Double)
    case categoricalCrossentropy(fromLogits: Bool, labelSmoothing: Double)
    case sparseCategoricalCrossentropy(fromLogits: Bool, ignoredClass: Int?)
    /// The weights are those of ones and of zeros; nil: both are 1.
    case binaryFocalCrossentropy(balances: Bool, focus: Focus)
    case categoricalFocalCrossentropy(focus: Focus)
    case generalizedCrossentropy(q: Double)
    case dice(axes: [Int]?)
    case tversky(alpha: Double, beta: Double, axes: [Int]?)
    case custom(CustomLoss<Scalar>)
  }

  struct Focus: Hashable, Sendable {
    var alpha: Double
    var gamma: Double
    var fromLogits: Bool
    var labelSmoothing: Double
  }
}

extension Loss: CustomStringConvertible {
  /// The name, with the parameters that do not have their default: `huber(delta: 2)`.
  public var description: String {
    let defaults = (try? Loss(named: name))?.parameters ?? [:]
    let others = parameters.filter { defaults[$0.key] != $0.value }.sorted { $0.key < $1.key }
    return others.isEmpty ? name : "\(name)(\(others.map { "\($0.key): \($0.value)" }.joined(separator: ", ")))"
  }
}
