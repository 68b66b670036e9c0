import Tensor

extension Metric.Rule: Identified {
  package static var kind: String { "metric" }

  package static var all: [Self] { means + accuracies + others }

  private static var means: [Self] {
    let losses: [Loss<Scalar>] = [
      .meanSquaredError, .meanAbsoluteError, .meanAbsolutePercentageError, .meanSquaredLogarithmicError, .logCosh,
      .huber, .hinge, .squaredHinge, .categoricalHinge, .klDivergence, .poisson, .binaryCrossentropy,
      .categoricalCrossentropy, .sparseCategoricalCrossentropy, .crossentropy,
    ]
    return losses.map { .mean(.loss($0)) } + [
      .mean(.rootMeanSquaredError), .mean(.cosineSimilarity), .mean(.pearsonCorrelation),
      .mean(.concordanceCorrelation), .mean(.predictions), .sum,
    ]
  }

  private static var accuracies: [Self] {
    [
      .mean(.accuracy), .mean(.equality), .mean(.binaryAccuracy(BinaryAccuracy())), .mean(.categoricalAccuracy),
      .mean(.sparseCategoricalAccuracy), .mean(.topK(TopK())), .mean(.sparseTopK(TopK())),
    ]
  }

  private static var others: [Self] {
    ConfusionCount.allCases.map { .count(ConfusionCounter($0)) } + [
      .precision(Detection()), .recall(Detection()), .f1(F1Score()), .fBeta(FBetaScore()),
      .areaUnderCurve(AreaUnderCurve()), .r2(Determination()),
    ] + Overlap.Kind.allCases.map { .overlap(Overlap($0)) } + [.binaryOverlap(BinaryOverlap())]
      + ConstrainedScore.Kind.allCases.map { .constrained(ConstrainedScore($0)) }
  }

  package var identifiers: [String] {
    switch self {
    case .mean(let mean): mean.identifiers
    case .sum: ["Sum", "sum"]
    case .count(let counter): [counter.count.rawValue, snakeCase(counter.count.rawValue)]
    case .precision: ["Precision", "precision"]
    case .recall: ["Recall", "recall"]
    case .f1: ["F1Score", "f1_score"]
    case .fBeta: ["FBetaScore", "fbeta_score", "f_beta_score"]
    case .areaUnderCurve: ["AUC", "auc"]
    case .r2: ["R2Score", "r2_score"]
    case .overlap(let overlap):
      switch overlap.kind {
      case .iou: ["IoU", "io_u", "iou"]
      case .oneHotIoU: ["OneHotIoU", "one_hot_io_u", "one_hot_iou"]
      case .meanIoU: ["MeanIoU", "mean_io_u", "mean_iou"]
      case .oneHotMeanIoU: ["OneHotMeanIoU", "one_hot_mean_io_u", "one_hot_mean_iou"]
      }
    case .binaryOverlap: ["BinaryIoU", "binary_io_u", "binary_iou"]
    case .constrained(let score): [score.kind.rawValue, snakeCase(score.kind.rawValue)]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .mean(.loss(let loss)):
      loss.rule.payload?.map { .mean(.loss(Loss($0, reduction: loss.reduction))) }
    case .mean(.binaryAccuracy(let accuracy)): Payload(accuracy) { .mean(.binaryAccuracy($0)) }
    case .mean(.topK(let top)): Payload(top) { .mean(.topK($0)) }
    case .mean(.sparseTopK(let top)): Payload(top) { .mean(.sparseTopK($0)) }
    case .mean(.cosineSimilarity): Payload(LastAxis()) { _ in .mean(.cosineSimilarity) }
    case .mean(.pearsonCorrelation): Payload(LastAxis()) { _ in .mean(.pearsonCorrelation) }
    case .mean(.concordanceCorrelation): Payload(LastAxis()) { _ in .mean(.concordanceCorrelation) }
    case .mean, .sum: nil
    case .count(let counter): Payload(counter, Self.count)
    case .precision(let detection): Payload(detection, Self.precision)
    case .recall(let detection): Payload(detection, Self.recall)
    case .f1(let score): Payload(score, Self.f1)
    case .fBeta(let score): Payload(score, Self.fBeta)
    case .areaUnderCurve(let area): Payload(area, Self.areaUnderCurve)
    case .r2(let determination): Payload(determination, Self.r2)
    case .overlap(let overlap): Payload(overlap, Self.overlap)
    case .binaryOverlap(let overlap): Payload(overlap, Self.binaryOverlap)
    case .constrained(let score): Payload(score, Self.constrained)
    }
  }
}

extension Metric.MeanRule {
  fileprivate var identifiers: [String] {
    switch self {
    case .loss(let loss): loss.rule.identifiersOfMetric
    case .rootMeanSquaredError: ["RootMeanSquaredError", "root_mean_squared_error", "rmse"]
    case .cosineSimilarity: ["CosineSimilarity", "cosine_similarity"]
    case .pearsonCorrelation: ["PearsonCorrelation", "pearson_correlation"]
    case .concordanceCorrelation: ["ConcordanceCorrelation", "concordance_correlation"]
    case .accuracy: ["accuracy", "acc", "Accuracy"]
    case .equality: ["equality"]
    case .binaryAccuracy: ["BinaryAccuracy", "binary_accuracy"]
    case .categoricalAccuracy: ["CategoricalAccuracy", "categorical_accuracy"]
    case .sparseCategoricalAccuracy: ["SparseCategoricalAccuracy", "sparse_categorical_accuracy"]
    case .topK: ["TopKCategoricalAccuracy", "top_k_categorical_accuracy"]
    case .sparseTopK: ["SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"]
    case .predictions: ["Mean", "mean"]
    }
  }
}

extension Loss.Rule {
  /// The identifiers of the metric that is the mean of the loss, if they differ.
  fileprivate var identifiersOfMetric: [String] {
    switch self {
    case .logCosh: ["LogCoshError", "logcosh", "log_cosh_error", "log_cosh"]
    case .huber: ["huber"]
    default: identifiers
    }
  }
}

extension Metric: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Keras's class, its name in snake case, or an alias: `"TopKCategoricalAccuracy"`, `"auc"`, `"acc"`. It becomes the
  /// metric's name too. An unknown one stops the program.
  public init(stringLiteral name: String) {
    self.init(Rule.required(name).checked(largestNumber: Scalar.largestNumber), name: name)
  }

  /// The name, with the arguments that differ from their defaults: `auc(thresholds: 50)`.
  public var description: String { rule.described(as: name) }
}
