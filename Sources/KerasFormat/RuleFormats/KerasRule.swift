import Activations
import Layers
import Tensor

/// A rule's parameters in terms of Keras's class.
protocol KerasRule: Parameterized {
  /// The fields in the order in which errors list them.
  var fields: [KerasField<Self>] { get }
}

extension KerasRule {
  /// Reads the rule from a configuration; fields that are not given do not change.
  func read(_ reader: inout ParameterReader) throws(ConfigurationError) -> Self {
    var rule = self
    let fields = fields
    for field in fields { try field.read(&rule, &reader) }
    guard let mistake = rule.mistake(largestNumber: reader.largestNumber) else { return rule }
    func name(_ path: PartialKeyPath<Self>) -> String { fields.first { $0.path == path }?.name ?? "a parameter" }
    throw reader.outOfRange(name(mistake.path), mistake.value, mistake.allowed(name))
  }

  /// All parameters; those that Keras 3 does not have only if they are not the defaults.
  /// - Parameter ofKeras3: whether those are omitted.
  func parameters(ofKeras3: Bool) -> [String: Configuration] {
    var result: [String: Configuration] = [:]
    for field in fields where field.isOfKeras3 || !ofKeras3 {
      if let value = field.write(self) { result[field.name] = value }
    }
    return result
  }
}

extension Identified {
  /// Creates the rule with a name and parameters.
  static func rule(
    named name: String, _ parameters: [String: Configuration], largestNumber: Double = .greatestFiniteMagnitude
  ) throws(ConfigurationError) -> Self {
    let usual = try usual(name)
    var reader = ParameterReader(usual.identifiers[0], parameters, largestNumber: largestNumber)
    let rule = try usual.read(&reader)
    // A null parameter has its default, even if it is unknown.
    try reader.finish(allowingNull: true)
    return rule
  }

  /// The rule with a name and default parameters.
  static func usual(_ name: String, ignoringCase: Bool = false) throws(ConfigurationError) -> Self {
    guard let rule = named(name, ignoringCase: ignoringCase) else {
      throw .unknownName(
        kind: kind, name: name, similar: names.similar(to: name), all: all.map { $0.identifiers[0] })
    }
    return rule
  }

  func read(_ reader: inout ParameterReader) throws(ConfigurationError) -> Self {
    guard let payload, let rule = payload.value as? any KerasRule else { return self }
    return payload.rule(with: try rule.read(&reader))
  }

  func parameters(ofKeras3: Bool = false) -> [String: Configuration] {
    (payload?.value as? any KerasRule)?.parameters(ofKeras3: ofKeras3) ?? [:]
  }
}
