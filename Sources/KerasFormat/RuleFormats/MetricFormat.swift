public import Activations
public import Layers
import Tensor

extension BinaryAccuracy: KerasRule {
  var fields: [KerasField<Self>] { [.number("threshold", \.threshold)] }
}

extension TopK: KerasRule {
  var fields: [KerasField<Self>] { [.integer("k", \.k)] }
}

extension ConfusionCounter: KerasRule {
  var fields: [KerasField<Self>] {
    [
      KerasField("thresholds", \.thresholds) { rule, reader throws(ConfigurationError) in
        rule.thresholds = try reader.thresholds() ?? rule.thresholds
      } write: {
        .list($0.thresholds.map { .number($0) })
      }
    ]
  }
}

extension Detection: KerasRule {
  var fields: [KerasField<Self>] {
    [
      KerasField("thresholds", \.thresholds) { rule, reader throws(ConfigurationError) in
        rule.thresholds = try reader.thresholds()
      } write: {
        $0.thresholds.map { .list($0.map { .number($0) }) } ?? .null
      },
      .integer("top_k", \.topK), .integer("class_id", \.classID),
    ]
  }
}

extension F1Score: KerasRule {
  var fields: [KerasField<Self>] { [.choice("average", \.average), .number("threshold", \.threshold)] }
}

extension FBetaScore: KerasRule {
  var fields: [KerasField<Self>] {
    [.number("beta", \.beta), .choice("average", \.average), .number("threshold", \.threshold)]
  }
}

extension AreaUnderCurve: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .integer("num_thresholds", \.thresholds), .choice("curve", \.curve), .choice("summation_method", \.summation),
      .flag("from_logits", \.fromLogits), .only("multi_label", false),
    ]
  }
}

extension Determination: KerasRule {
  var fields: [KerasField<Self>] {
    [.choice("class_aggregation", \.average), .integer("num_regressors", \.regressors)]
  }
}

extension BinaryOverlap: KerasRule {
  var fields: [KerasField<Self>] { [.integers("target_class_ids", \.chosen), .number("threshold", \.threshold)] }
}

extension ConstrainedScore: KerasRule {
  var fields: [KerasField<Self>] {
    [
      .number(nameOfConstraint, \.least, isRequired: true), .integer("num_thresholds", \.thresholds),
      .integer("class_id", \.classID),
    ]
  }

  private var nameOfConstraint: String {
    switch kind {
    case .precisionAtRecall: "recall"
    case .recallAtPrecision: "precision"
    case .sensitivityAtSpecificity: "specificity"
    case .specificityAtSensitivity: "sensitivity"
    }
  }
}

extension Overlap: KerasRule {
  var fields: [KerasField<Self>] {
    var fields: [KerasField<Self>] = [.integer("num_classes", \.classes, isRequired: true)]
    if kind.choosesClasses { fields.append(Self.chosenClasses) }
    fields.append(.integer("ignore_class", \.ignoredClass))
    if kind.isSparse { fields.append(.flag("sparse_y_true", \.hasSparseTargets)) }
    return fields + [.flag("sparse_y_pred", \.hasSparsePredictions), .lastAxis]
  }

  private static var chosenClasses: KerasField<Self> {
    let field = KerasField<Self>.integers("target_class_ids", \.chosen)
    return KerasField(field.name, field.path) { rule, reader throws(ConfigurationError) in
      guard reader.configuration(field.name) != nil else {
        throw .missingParameter(owner: reader.owner, parameter: field.name, allowed: "0 ..< \(rule.classes)")
      }
      try field.read(&rule, &reader)
    } write: {
      field.write($0)
    }
  }
}

extension ParameterReader {
  /// Reads a number or a list of numbers from 0 to 1; `nil` if the parameter is missing.
  fileprivate mutating func thresholds() throws(ConfigurationError) -> [Double]? {
    let given: [Configuration]
    switch configuration("thresholds") {
    case nil: return nil
    case .list(let list)? where !list.isEmpty: given = list
    case let single?: given = [single]
    }
    var thresholds: [Double] = []
    for value in given {
      guard let number = value.asNumber, NumberRange.closedUnit.contains(number) else {
        throw outOfRange("thresholds", value.description, "numbers from 0 to 1 and lists of them")
      }
      thresholds.append(number)
    }
    return thresholds
  }
}

extension Metric: Configurable {
  public static var kind: String { Rule.kind }
  public static var module: String { "keras.metrics" }
  public static var names: [String] { Rule.names }

  /// Creates the metric with a name: Keras's classes (`"TopKCategoricalAccuracy"`), their names in snake case and its
  /// aliases; the requested name is also the metric's name. "accuracy" and "acc" are the accuracy that matches the
  /// shapes.
  /// - Parameter name: Keras's identifier, class name or alias.
  /// - Parameter parameters: the parameters of Keras's class: `["k": 3]`.
  /// - Throws: ``ConfigurationError``.
  public init(named name: String, parameters: [String: Configuration]) throws(ConfigurationError) {
    self.init(try .rule(named: name, parameters, largestNumber: Scalar.largestNumber), name: name)
  }

  /// All parameters by Keras's names.
  public var parameters: [String: Configuration] { rule.parameters() }

  /// The metric in the format of Keras's files. The accuracy that matches the shapes, and losses that are not metric
  /// classes in Keras, are names only.
  public var configuration: Configuration {
    if rule.isNamedOnly, let plain = try? Metric(named: name), plain == self { return .string(name) }
    return Self.configuration(
      ofClass: rule == .mean(.equality) ? "Accuracy" : rule.identifiers[0],
      parameters.merging(["name": .string(name)]) { own, _ in own })
  }

  /// Creates the metric that a configuration describes. As in Keras, the class `Accuracy` is
  /// ``/Layers/Metric/equality``, and the name "accuracy" is the accuracy that matches the shapes.
  /// - Throws: ``ConfigurationError`` as in ``init(named:parameters:)``, and for a configuration of another form.
  public init(configuration: Configuration) throws(ConfigurationError) {
    let function = configuration["class_name"] == "MeanMetricWrapper" ? configuration["config"]?["fn"] : nil
    if let function {
      try self.init(configurationOfClass: function)
    } else if configuration["class_name"]?.asString?.withoutPackage == "Accuracy" {
      self = .equality
    } else {
      try self.init(configurationOfClass: configuration)
      if configuration.asObject != nil && configuration["class_name"] != "function" { name = rule.usualName }
    }
    if let given = configuration["config"]?["name"]?.asString { name = given }
  }
}

extension Metric.Rule {
  /// Whether Keras has a function or a word with the name, but no class.
  fileprivate var isNamedOnly: Bool {
    guard case .mean(let mean) = self, mean != .equality else { return false }
    return identifiers[0] == usualName
  }
}
