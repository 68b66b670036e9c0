import Tensor

extension Loss.Rule: Identified {
  package static var kind: String { "loss" }

  package static var all: [Self] {
    [
      .squaredError, .absoluteError, .absolutePercentageError, .squaredLogarithmicError, .logCosh, .hinge,
      .squaredHinge, .categoricalHinge, .klDivergence, .poisson, .crossentropy, .cosineSimilarity, .huber(HuberLoss()),
      .binaryCrossentropy(CrossentropyLoss()), .categoricalCrossentropy(CrossentropyLoss()),
      .sparseCategoricalCrossentropy(ClassCrossentropyLoss()), .binaryFocalCrossentropy(BinaryFocalLoss()),
      .categoricalFocalCrossentropy(FocalLoss()), .generalizedCrossentropy(GeneralizedCrossentropyLoss()),
      .dice(DiceLoss()), .tversky(TverskyLoss()), .ctc, .circle(CircleLoss()),
    ]
  }

  package var identifiers: [String] {
    switch self {
    case .squaredError: ["MeanSquaredError", "mean_squared_error", "mse", "MSE"]
    case .absoluteError: ["MeanAbsoluteError", "mean_absolute_error", "mae", "MAE"]
    case .absolutePercentageError: ["MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE"]
    case .squaredLogarithmicError: ["MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE"]
    case .logCosh: ["LogCosh", "log_cosh", "logcosh"]
    case .huber: ["Huber", "huber", "huber_loss"]
    case .hinge: ["Hinge", "hinge"]
    case .squaredHinge: ["SquaredHinge", "squared_hinge"]
    case .categoricalHinge: ["CategoricalHinge", "categorical_hinge"]
    case .cosineSimilarity: ["CosineSimilarity", "cosine_similarity"]
    case .klDivergence: ["KLDivergence", "kl_divergence", "kld", "KLD", "kullback_leibler_divergence"]
    case .poisson: ["Poisson", "poisson"]
    case .crossentropy: ["crossentropy", "ce"]
    case .binaryCrossentropy: ["BinaryCrossentropy", "binary_crossentropy", "bce", "BCE"]
    case .categoricalCrossentropy: ["CategoricalCrossentropy", "categorical_crossentropy"]
    case .sparseCategoricalCrossentropy: ["SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"]
    case .binaryFocalCrossentropy: ["BinaryFocalCrossentropy", "binary_focal_crossentropy"]
    case .categoricalFocalCrossentropy: ["CategoricalFocalCrossentropy", "categorical_focal_crossentropy"]
    case .generalizedCrossentropy:
      ["CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy"]
    case .dice: ["Dice", "dice"]
    case .tversky: ["Tversky", "tversky"]
    case .ctc: ["CTC", "ctc"]
    case .circle: ["Circle", "circle"]
    case .custom(let loss): [loss.name]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .huber(let loss): Payload(loss, Self.huber)
    case .cosineSimilarity: Payload(LastAxis()) { _ in .cosineSimilarity }
    case .binaryCrossentropy(let loss): Payload(loss, Self.binaryCrossentropy)
    case .categoricalCrossentropy(let loss): Payload(loss, Self.categoricalCrossentropy)
    case .sparseCategoricalCrossentropy(let loss): Payload(loss, Self.sparseCategoricalCrossentropy)
    case .binaryFocalCrossentropy(let loss): Payload(loss, Self.binaryFocalCrossentropy)
    case .categoricalFocalCrossentropy(let loss): Payload(loss, Self.categoricalFocalCrossentropy)
    case .generalizedCrossentropy(let loss): Payload(loss, Self.generalizedCrossentropy)
    case .dice(let loss): Payload(loss, Self.dice)
    case .tversky(let loss): Payload(loss, Self.tversky)
    case .circle(let loss): Payload(loss, Self.circle)
    case .squaredError, .absoluteError, .absolutePercentageError, .squaredLogarithmicError, .logCosh, .hinge,
      .squaredHinge, .categoricalHinge, .klDivergence, .poisson, .crossentropy, .ctc, .custom:
      nil
    }
  }
}

extension Loss: ExpressibleByStringLiteral {
  /// Keras's function, class or alias: `"mean_squared_error"`, `"MeanSquaredError"`, `"mse"`. An unknown one stops the program.
  public init(stringLiteral name: String) { self.init(.required(name)) }

  /// Keras's name for the function, or the name of a custom loss.
  public var name: String { rule.usualName }
}

extension Loss: CustomStringConvertible {
  /// The name, with the arguments that differ from their defaults: `huber(delta: 2.0)`.
  public var description: String {
    let text = rule.described(as: name)
    return reduction == .sumOverBatchSize ? text : "\(text), reduced by \(reduction)"
  }
}
