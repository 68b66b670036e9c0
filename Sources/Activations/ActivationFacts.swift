/// What is known of a built-in activation, as data: names, parameters, formulas, error bounds.
package struct ActivationFacts: Hashable, Sendable {
  package let name: String
  package let aliases: [String]
  package let isElementwise: Bool
  package let parameters: [ParameterFacts]
  package let formula: Formula

  /// In the order of ``Activation/catalog``.
  package static let all: [ActivationFacts] =
    Definition.all.map { ActivationFacts($0) } + AxisActivation.Kind.allCases.map { ActivationFacts($0) }

  /// By name or alias.
  package static func named(_ name: String) throws(ActivationError) -> ActivationFacts {
    if let facts = all.first(where: { $0.name == name || $0.aliases.contains(name) }) { return facts }
    throw .unknown(name, among: Definition.namesOfAll)
  }

  private init(_ definition: Definition) {
    name = definition.name
    aliases = definition.aliases
    isElementwise = true
    parameters = definition.parameters.map { ParameterFacts($0) }
    formula = definition.formula
  }

  private init(_ kind: AxisActivation.Kind) {
    let activation = AxisActivation(kind)
    name = activation.name
    aliases = []
    isElementwise = false
    parameters = [
      ParameterFacts(
        name: "axis", aliases: AxisActivation.spellingsOfAxis.filter { $0 != "axis" },
        defaultValue: activation.axes.configuration, range: kind.rangeOfAxis)
    ]
    formula = kind.formula
  }
}

/// A parameter of an activation.
package struct ParameterFacts: Hashable, Sendable {
  package let name: String
  package let aliases: [String]
  /// None: must be given.
  package let defaultValue: Configuration?
  /// What is allowed, in words.
  package let range: String

  fileprivate init(_ parameter: Parameter) {
    self.init(
      name: parameter.name, aliases: parameter.aliases,
      defaultValue: parameter.defaultArgument.map { parameter.configuration($0) }, range: parameter.range.description)
  }

  fileprivate init(name: String, aliases: [String], defaultValue: Configuration?, range: String) {
    self.name = name
    self.aliases = aliases
    self.defaultValue = defaultValue
    self.range = range
  }
}
