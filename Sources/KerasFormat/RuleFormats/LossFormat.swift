public import Activations
public import Layers
import Tensor

extension HuberLoss: KerasRule {
  var fields: [KerasField<Self>] { [.number("delta", \.delta)] }
}

extension CrossentropyLoss: KerasRule {
  var fields: [KerasField<Self>] {
    [.flag("from_logits", \.fromLogits), .number("label_smoothing", \.labelSmoothing), .lastAxis]
  }
}

extension ClassCrossentropyLoss: KerasRule {
  var fields: [KerasField<Self>] {
    [.flag("from_logits", \.fromLogits), .integer("ignore_class", \.ignoredClass), .lastAxis]
  }
}

extension FocalLoss: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number("alpha", \.alpha), .number("gamma", \.gamma), .flag("from_logits", \.fromLogits),
      .number("label_smoothing", \.labelSmoothing), .lastAxis,
    ]
  }
}

extension BinaryFocalLoss: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .flag("apply_class_balancing", \.applyClassBalancing), .number("alpha", \.focus.alpha),
      .number("gamma", \.focus.gamma), .flag("from_logits", \.focus.fromLogits),
      .number("label_smoothing", \.focus.labelSmoothing), .lastAxis,
    ]
  }
}

extension GeneralizedCrossentropyLoss: KerasRule {
  var fields: [KerasField<Self>] { [.number("q", \.q)] }
}

extension LastAxis: KerasRule {
  var fields: [KerasField<Self>] { [.lastAxis] }
}

extension DiceLoss: KerasRule {
  var fields: [KerasField<Self>] { [.integers("axis", \.axes)] }
}

extension TverskyLoss: KerasRule {
  var fields: [KerasField<Self>] { [.number("alpha", \.alpha), .number("beta", \.beta), .integers("axis", \.axes)] }
}

extension CircleLoss: KerasRule {
  var fields: [KerasField<Self>] {
    [.number("gamma", \.gamma), .number("margin", \.margin), .flag("remove_diagonal", \.removeDiagonal)]
  }
}

extension Loss: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.losses" }
  public static var names: [String] { Rule.names }

  /// Creates the loss with a name: Keras's functions (`"mean_squared_error"`), classes (`"MeanSquaredError"`) and
  /// aliases (`"mse"`).
  /// - Parameter name: Keras's identifier, class name or alias.
  /// - Parameter parameters: the parameters of Keras's class: `["delta": 2]`, `["from_logits": true, "reduction":
  ///   "sum"]`. The axis of crossentropies must be the last one.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    let own = parameters.filter { $0.key != "reduction" }
    self.init(try .rule(named: name, own, largestNumber: Scalar.largestNumber))
    reduction = try LossReduction(parameters["reduction"], owner: self.name)
  }

  /// All parameters by Keras's names; a custom loss only has its reduction.
  public var parameters: [String: Configuration] {
    rule.parameters().merging(["reduction": .string(reduction.rawValue)]) { $1 }
  }

  /// The loss in the format of Keras's files: the class, which takes parameters, rather than the function; the name if
  /// Keras has no class.
  public var configuration: Configuration {
    let className = rule.identifiers[0]
    return className == name ? .string(name) : Self.configuration(ofClass: className, parameters)
  }

  /// - Throws: ``ConfigurationError`` as in ``init(named:parameters:)``, and for a configuration of another form.
  public init(configuration: Configuration) throws(ConfigurationError) {
    // The function wrapped by Keras 2's classes.
    try self.init(configurationOfClass: configuration.withoutParameters(["fn"]))
  }
}

extension LossReduction {
  /// Reads a reduction. Keras 2's "auto" has the meaning that it has there. No reduction at all, as null or "none",
  /// gives one loss for each sample, which cannot be trained.
  init(_ given: Configuration?, owner: String) throws(ConfigurationError) {
    guard let given, given != "auto" else {
      self = .sumOverBatchSize
      return
    }
    guard let word = given.asString, let reduction = LossReduction(rawValue: word) else {
      throw .parameterOutOfRange(
        owner: owner, parameter: "reduction", value: given.description,
        allowed: Self.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = reduction
  }
}
