public import Activations
import Tensor

extension Metric {
  public static var kind: String { "metric" }
  public static var module: String { "keras.metrics" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's classes (`"TopKCategoricalAccuracy"`), their names in snake case and its aliases; the name
  /// that is asked for is that of the metric too. "accuracy" and "acc" are the accuracy that suits the shapes.
  /// - Parameter name: Keras's identifier, class name or alias.
  /// - Parameter parameters: those of Keras's class: `["k": 3]`.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    let rule = try value(name, parameters, among: Self.all, kind: Self.kind, largestNumber: Scalar.largestNumber)
    self = Metric(rule, name: name)
  }

  /// As Keras's files write it. The accuracy that suits the shapes, and losses that are no metrics' classes there, are names alone.
  public var configuration: Configuration {
    if rule.isNamedOnly, let plain = try? Metric(named: name), plain == self { return .string(name) }
    let config = parameters.merging(["name": .string(name)]) { own, _ in own }
    return [
      "module": .string(Self.module), "class_name": .string(rule.className), "config": .object(config),
      "registered_name": nil,
    ]
  }

  /// What a configuration stands for. In it, as in Keras, the class `Accuracy` is ``equality`` and the name "accuracy" the accuracy
  /// that suits the shapes.
  /// - Throws: ``ConfigurationError``, as ``init(named:parameters:)`` and for what is neither.
  public init(configuration: Configuration) throws(ConfigurationError) {
    let function = configuration["class_name"] == "MeanMetricWrapper" ? configuration["config"]?["fn"] : nil
    if let function {
      try self.init(configurationOfClass: function)
    } else if configuration["class_name"]?.asString?.withoutPackage == "Accuracy" {
      self.init(.mean(.equality))
    } else {
      try self.init(configurationOfClass: configuration)
      if configuration.asObject != nil && configuration["class_name"] != "function" { name = rule.name }
    }
    if let given = configuration["config"]?["name"]?.asString { name = given }
  }

  /// All parameters by Keras's names.
  public var parameters: [String: Configuration] {
    switch rule {
    case .mean(.loss(let loss)): loss.parameters.filter { $0.key != "reduction" }
    case .mean(.binaryAccuracy(let threshold)): ["threshold": .number(threshold)]
    case .mean(.topK(let k)), .mean(.sparseTopK(let k)): ["k": .integer(k)]
    case .mean, .sum: [:]
    case .count(_, let thresholds): ["thresholds": .list(thresholds.map { .number($0) })]
    case .precision(let detection), .recall(let detection): detection.parameters
    case .fScore(let score): score.parameters
    case .areaUnderCurve(let curve): curve.parameters
    case .r2(let determination): determination.parameters
    case .overlap(let overlap): overlap.parameters
    }
  }

  private static var all: [Named<Rule>] { means + accuracies + others }

  private static var means: [Named<Rule>] {
    func loss(_ className: String, _ aliases: String..., loss: String) -> Named<Rule> {
      Named(className, aliases) { reader throws(ConfigurationError) in
        var parameters: [String: Configuration] = [:]
        for parameter in ["from_logits", "label_smoothing", "axis", "ignore_class", "delta"] {
          if let given = reader.configuration(parameter) { parameters[parameter] = given }
        }
        return .mean(.loss(try Loss(named: loss, parameters: parameters)))
      }
    }
    func mean(_ className: String, _ aliases: String..., rule: MeanRule) -> Named<Rule> {
      Named(className, aliases) { _ throws(ConfigurationError) in .mean(rule) }
    }
    return [
      loss("MeanSquaredError", "mean_squared_error", "mse", "MSE", loss: "mse"),
      loss("MeanAbsoluteError", "mean_absolute_error", "mae", "MAE", loss: "mae"),
      loss("MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE", loss: "mape"),
      loss("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE", loss: "msle"),
      loss("LogCoshError", "log_cosh_error", "logcosh", "log_cosh", loss: "log_cosh"),
      loss("huber", loss: "huber"),
      loss("Hinge", "hinge", loss: "hinge"),
      loss("SquaredHinge", "squared_hinge", loss: "squared_hinge"),
      loss("CategoricalHinge", "categorical_hinge", loss: "categorical_hinge"),
      loss("KLDivergence", "kl_divergence", "kld", "KLD", loss: "kl_divergence"),
      loss("Poisson", "poisson", loss: "poisson"),
      loss("BinaryCrossentropy", "binary_crossentropy", "bce", "BCE", loss: "bce"),
      loss("CategoricalCrossentropy", "categorical_crossentropy", loss: "categorical_crossentropy"),
      loss(
        "SparseCategoricalCrossentropy", "sparse_categorical_crossentropy", loss: "sparse_categorical_crossentropy"),
      loss("crossentropy", "ce", loss: "crossentropy"),
      mean("RootMeanSquaredError", "root_mean_squared_error", "rmse", rule: .rootMeanSquaredError),
      Named("CosineSimilarity", ["cosine_similarity"]) { reader throws(ConfigurationError) in
        try reader.lastAxis()
        return .mean(.cosineSimilarity)
      },
      mean("Mean", "mean", rule: .predictions),
      Named("Sum", ["sum"]) { _ throws(ConfigurationError) in .sum },
    ]
  }

  private static var accuracies: [Named<Rule>] {
    [
      Named("accuracy", ["acc", "Accuracy"]) { _ throws(ConfigurationError) in .mean(.accuracy) },
      Named("equality", []) { _ throws(ConfigurationError) in .mean(.equality) },
      Named("BinaryAccuracy", ["binary_accuracy"]) { reader throws(ConfigurationError) in
        .mean(.binaryAccuracy(threshold: try reader.number("threshold", default: 0.5)))
      },
      Named("CategoricalAccuracy", ["categorical_accuracy"]) { _ throws(ConfigurationError) in
        .mean(.categoricalAccuracy)
      },
      Named("SparseCategoricalAccuracy", ["sparse_categorical_accuracy"]) { _ throws(ConfigurationError) in
        .mean(.sparseCategoricalAccuracy)
      },
      Named("TopKCategoricalAccuracy", ["top_k_categorical_accuracy"]) { reader throws(ConfigurationError) in
        .mean(.topK(try reader.integer("k", from: 1, to: .greatestCount, default: 5)))
      },
      Named("SparseTopKCategoricalAccuracy", ["sparse_top_k_categorical_accuracy"]) {
        reader throws(ConfigurationError) in
        .mean(.sparseTopK(try reader.integer("k", from: 1, to: .greatestCount, default: 5)))
      },
    ]
  }

  private static var others: [Named<Rule>] {
    let counts = ConfusionCount.allCases.map { count in
      Named(count.rawValue, [snakeCase(count.rawValue)]) { reader throws(ConfigurationError) in
        Rule.count(count, thresholds: try reader.thresholds(default: 0.5))
      }
    }
    return counts + [
      Named("Precision", ["precision"]) { reader throws(ConfigurationError) in .precision(try Detection(&reader)) },
      Named("Recall", ["recall"]) { reader throws(ConfigurationError) in .recall(try Detection(&reader)) },
      Named("F1Score", ["f1_score"]) { reader throws(ConfigurationError) in
        .fScore(try FScore(&reader, beta: 1))
      },
      Named("FBetaScore", ["fbeta_score", "f_beta_score"]) { reader throws(ConfigurationError) in
        let beta = try reader.number("beta", .positive, default: 1)
        return .fScore(try FScore(&reader, beta: beta))
      },
      Named("AUC", ["auc"]) { reader throws(ConfigurationError) in .areaUnderCurve(try Curve(&reader)) },
      Named("R2Score", ["r2_score"]) { reader throws(ConfigurationError) in .r2(try Determination(&reader)) },
      Named("IoU", ["io_u", "iou"]) { reader throws(ConfigurationError) in
        .overlap(try Overlap(&reader, sparse: true, choosesClasses: true))
      },
      Named("MeanIoU", ["mean_io_u", "mean_iou"]) { reader throws(ConfigurationError) in
        .overlap(try Overlap(&reader, sparse: true))
      },
      Named("OneHotMeanIoU", ["one_hot_mean_io_u", "one_hot_mean_iou"]) { reader throws(ConfigurationError) in
        .overlap(try Overlap(&reader, sparse: false))
      },
    ]
  }
}

extension Metric.Rule {
  /// Keras's class; of what has none in Keras, its own name.
  var className: String {
    switch self {
    case .mean(let mean): mean.className
    case .sum: "Sum"
    case .count(let count, _): count.rawValue
    case .precision: "Precision"
    case .recall: "Recall"
    case .fScore(let score): score.beta == 1 ? "F1Score" : "FBetaScore"
    case .areaUnderCurve: "AUC"
    case .r2: "R2Score"
    case .overlap(let overlap):
      overlap.chosen != nil ? "IoU" : overlap.hasSparseTargets ? "MeanIoU" : "OneHotMeanIoU"
    }
  }

  /// What Keras calls a metric of this kind by default.
  var name: String {
    switch self {
    case .mean(.loss(let loss)): loss.name == "log_cosh" ? "logcosh" : loss.name
    case .fScore(let score): score.beta == 1 ? "f1_score" : "fbeta_score"
    case .areaUnderCurve: "auc"
    case .r2: "r2_score"
    case .overlap: className == "IoU" ? "io_u" : className == "MeanIoU" ? "mean_io_u" : "one_hot_mean_io_u"
    case .mean(.equality): "equality"
    default: snakeCase(className)
    }
  }
}

extension Metric.Rule {
  /// Whether Keras has a function of the name, or a word, and no class.
  fileprivate var isNamedOnly: Bool {
    guard case .mean(let mean) = self else { return false }
    return mean == .accuracy || mean.className == snakeCase(mean.className)
  }
}

extension Metric.MeanRule {
  fileprivate var className: String {
    switch self {
    case .loss(let loss): loss.metricClassName
    case .rootMeanSquaredError: "RootMeanSquaredError"
    case .cosineSimilarity: "CosineSimilarity"
    case .accuracy: "accuracy"
    case .equality: "Accuracy"
    case .binaryAccuracy: "BinaryAccuracy"
    case .categoricalAccuracy: "CategoricalAccuracy"
    case .sparseCategoricalAccuracy: "SparseCategoricalAccuracy"
    case .topK: "TopKCategoricalAccuracy"
    case .sparseTopK: "SparseTopKCategoricalAccuracy"
    case .predictions: "Mean"
    }
  }
}

extension Loss {
  fileprivate var metricClassName: String {
    switch rule {
    case .logCosh: "LogCoshError"
    case .huber, .crossentropy, .custom: name
    case .klDivergence: "KLDivergence"
    default: name.split(separator: "_").map(\.capitalized).joined()
    }
  }
}

extension StringProtocol {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
