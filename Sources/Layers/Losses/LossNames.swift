public import Activations
import Tensor

extension Loss {
  public static var kind: String { "loss" }
  public static var module: String { "keras.losses" }
  public static var names: [String] { allNames(all) }

  /// What a name stands for: Keras's functions (`"mean_squared_error"`), classes (`"MeanSquaredError"`) and aliases (`"mse"`).
  /// - Parameter name: Keras's identifier, class name or alias.
  /// - Parameter parameters: those of Keras's class: `["delta": 2]`, `["from_logits": true, "reduction": "sum"]`. An axis of
  ///   crossentropies is the last one.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    let own = parameters.filter { $0.key != "reduction" }
    self = try value(name, own, among: Self.all, kind: Self.kind, largestNumber: Scalar.largestNumber)
    reduction = try LossReduction(parameters["reduction"], owner: self.name)
  }

  /// As Keras's files write it: the class, which takes parameters, and not the function. Of what has no class in Keras, the name.
  public var configuration: Configuration {
    let named = Self.all.first { $0.aliases.contains(name) }
    guard let className = named?.name, className != "crossentropy" else { return .string(name) }
    return [
      "module": .string(Self.module), "class_name": .string(className), "config": .object(parameters),
      "registered_name": nil,
    ]
  }

  /// - Throws: ``ConfigurationError``, as ``init(named:parameters:)`` and for what is neither.
  public init(configuration: Configuration) throws(ConfigurationError) {
    // The function that Keras 2's classes wrap.
    try self.init(configurationOfClass: configuration.withoutParameters(["fn"]))
  }

  /// Keras's name of the function, or that of a loss of one's own.
  public var name: String {
    switch rule {
    case .squaredError: "mean_squared_error"
    case .absoluteError: "mean_absolute_error"
    case .absolutePercentageError: "mean_absolute_percentage_error"
    case .squaredLogarithmicError: "mean_squared_logarithmic_error"
    case .logCosh: "log_cosh"
    case .huber: "huber"
    case .hinge: "hinge"
    case .squaredHinge: "squared_hinge"
    case .categoricalHinge: "categorical_hinge"
    case .cosineSimilarity: "cosine_similarity"
    case .klDivergence: "kl_divergence"
    case .poisson: "poisson"
    case .crossentropy: "crossentropy"
    case .binaryCrossentropy: "binary_crossentropy"
    case .categoricalCrossentropy: "categorical_crossentropy"
    case .sparseCategoricalCrossentropy: "sparse_categorical_crossentropy"
    case .binaryFocalCrossentropy: "binary_focal_crossentropy"
    case .categoricalFocalCrossentropy: "categorical_focal_crossentropy"
    case .generalizedCrossentropy: "categorical_generalized_cross_entropy"
    case .dice: "dice"
    case .tversky: "tversky"
    case .custom(let loss): loss.name
    }
  }

  /// All parameters by Keras's names; a loss of one's own has its reduction only.
  public var parameters: [String: Configuration] {
    var result: [String: Configuration] = ["reduction": .string(reduction.rawValue)]
    switch rule {
    case .huber(let delta):
      result["delta"] = .number(delta)
    case .binaryCrossentropy(let fromLogits, let smoothing), .categoricalCrossentropy(let fromLogits, let smoothing):
      result["from_logits"] = .flag(fromLogits)
      result["label_smoothing"] = .number(smoothing)
    case .sparseCategoricalCrossentropy(let fromLogits, let ignoredClass):
      result["from_logits"] = .flag(fromLogits)
      result["ignore_class"] = Configuration(ignoredClass)
    case .binaryFocalCrossentropy(let balances, let focus):
      result["apply_class_balancing"] = .flag(balances)
      result.merge(focus.parameters) { $1 }
    case .categoricalFocalCrossentropy(let focus):
      result.merge(focus.parameters) { $1 }
    case .generalizedCrossentropy(let q):
      result["q"] = .number(q)
    case .dice(let axes):
      result["axis"] = Configuration(axes)
    case .tversky(let alpha, let beta, let axes):
      result["alpha"] = .number(alpha)
      result["beta"] = .number(beta)
      result["axis"] = Configuration(axes)
    default: break
    }
    return result
  }

  private static var all: [Named<Self>] { simple + crossentropies + overlaps }

  private static var simple: [Named<Self>] {
    [
      Named("MeanSquaredError", "mean_squared_error", "mse", "MSE") { _ in Self(.squaredError) },
      Named("MeanAbsoluteError", "mean_absolute_error", "mae", "MAE") { _ in Self(.absoluteError) },
      Named("MeanAbsolutePercentageError", "mean_absolute_percentage_error", "mape", "MAPE") { _ in
        Self(.absolutePercentageError)
      },
      Named("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", "msle", "MSLE") { _ in
        Self(.squaredLogarithmicError)
      },
      Named("LogCosh", "log_cosh", "logcosh") { _ in Self(.logCosh) },
      Named("Hinge", "hinge") { _ in Self(.hinge) },
      Named("SquaredHinge", "squared_hinge") { _ in Self(.squaredHinge) },
      Named("CategoricalHinge", "categorical_hinge") { _ in Self(.categoricalHinge) },
      Named("KLDivergence", "kl_divergence", "kld", "KLD", "kullback_leibler_divergence") { _ in Self(.klDivergence) },
      Named("Poisson", "poisson") { _ in Self(.poisson) },
      Named("crossentropy", "ce") { _ in Self(.crossentropy) },
      Named("CosineSimilarity", "cosine_similarity") { reader throws(ConfigurationError) in
        try reader.lastAxis()
        return Self(.cosineSimilarity)
      },
      Named("Huber", "huber", "huber_loss") { reader throws(ConfigurationError) in
        Self(.huber(delta: try reader.number("delta", .positive, default: 1)))
      },
    ]
  }

  private static var crossentropies: [Named<Self>] {
    [
      Named("BinaryCrossentropy", "binary_crossentropy", "bce", "BCE") { reader throws(ConfigurationError) in
        let (fromLogits, smoothing) = try reader.crossentropy()
        return Self(.binaryCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing))
      },
      Named("CategoricalCrossentropy", "categorical_crossentropy") { reader throws(ConfigurationError) in
        let (fromLogits, smoothing) = try reader.crossentropy()
        return Self(.categoricalCrossentropy(fromLogits: fromLogits, labelSmoothing: smoothing))
      },
      Named("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy") {
        reader throws(ConfigurationError) in
        let fromLogits = try reader.flag("from_logits", default: false)
        let ignored = try reader.optionalInteger("ignore_class", from: Int(Int32.min), to: .greatestCount)
        try reader.lastAxis()
        return Self(.sparseCategoricalCrossentropy(fromLogits: fromLogits, ignoredClass: ignored))
      },
      Named("BinaryFocalCrossentropy", "binary_focal_crossentropy") { reader throws(ConfigurationError) in
        let balances = try reader.flag("apply_class_balancing", default: false)
        return Self(.binaryFocalCrossentropy(balances: balances, focus: try Focus(&reader)))
      },
      Named("CategoricalFocalCrossentropy", "categorical_focal_crossentropy") {
        reader throws(ConfigurationError) in
        Self(.categoricalFocalCrossentropy(focus: try Focus(&reader)))
      },
      Named("CategoricalGeneralizedCrossEntropy", "categorical_generalized_cross_entropy") {
        reader throws(ConfigurationError) in
        let q = try reader.number("q", .positive, default: 0.5)
        guard q < 1 else { throw reader.outOfRange("q", "\(q)", "numbers above 0, below 1") }
        return Self(.generalizedCrossentropy(q: q))
      },
    ]
  }

  private static var overlaps: [Named<Self>] {
    [
      Named("Dice", "dice") { reader throws(ConfigurationError) in
        Self(.dice(axes: try reader.optionalIntegers("axis")))
      },
      Named("Tversky", "tversky") { reader throws(ConfigurationError) in
        let alpha = try reader.number("alpha", .nonnegative, default: 0.5)
        let beta = try reader.number("beta", .nonnegative, default: 0.5)
        return Self(.tversky(alpha: alpha, beta: beta, axes: try reader.optionalIntegers("axis")))
      },
    ]
  }
}

extension Loss.Focus {
  init(_ reader: inout ParameterReader) throws(ConfigurationError) {
    alpha = try reader.number("alpha", .closedUnit, default: 0.25)
    gamma = try reader.number("gamma", .nonnegative, default: 2)
    (fromLogits, labelSmoothing) = try reader.crossentropy()
  }

  var parameters: [String: Configuration] {
    [
      "alpha": .number(alpha), "gamma": .number(gamma), "from_logits": .flag(fromLogits),
      "label_smoothing": .number(labelSmoothing),
    ]
  }
}

extension ParameterReader {
  mutating func crossentropy() throws(ConfigurationError) -> (fromLogits: Bool, labelSmoothing: Double) {
    let fromLogits = try flag("from_logits", default: false)
    let smoothing = try number("label_smoothing", .closedUnit, default: 0)
    try lastAxis()
    return (fromLogits, smoothing)
  }

  /// Keras's files name the axis; it is the last one.
  mutating func lastAxis() throws(ConfigurationError) {
    guard let axes = try optionalIntegers("axis"), axes != [-1] else { return }
    throw outOfRange("axis", "\(axes)", "-1, the last axis")
  }
}
