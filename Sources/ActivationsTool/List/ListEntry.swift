import Activations

/// An activation's entry in `list`.
struct ListEntry {
  let definition: any Definition

  init(_ definition: any Definition) { self.definition = definition }

  var names: String { ([definition.name] + definition.aliases).joined(separator: ", ") }

  private var slopeTitle: String { definition.isElementwise ? "derivative" : "pullback" }

  /// The entry as text.
  func text(_ style: TextStyle) -> String {
    var fields: [(title: String, lines: [String])] = []
    if !definition.aliases.isEmpty { fields.append(("also", [definition.aliases.joined(separator: ", ")])) }
    if !definition.parameters.isEmpty { fields.append(("parameters", definition.parameters.map(\.text))) }
    fields.append(("value", definition.formula.value))
    fields.append((slopeTitle, definition.formula.slope))
    fields.append(("error", [definition.formula.errors.text(slopeTitle)]))
    let lines = fields.flatMap { field in
      field.lines.enumerated().map { index, line in
        "  " + style.faint((index == 0 ? field.title : "").padded(12)) + line
      }
    }
    return ([style.bold(definition.name)] + lines).joined(separator: "\n")
  }

  static func markdown(_ entries: [ListEntry]) -> String {
    let rows = entries.map { entry in
      let definition = entry.definition
      let cells = [
        "`\(definition.name)`" + definition.aliases.map { ", `\($0)`" }.joined(),
        definition.parameters.map { "`\($0.assignment)`: \($0.range.description)" }.joined(separator: "; "),
        definition.formula.value.joined(separator: "; "), definition.formula.slope.joined(separator: "; "),
        definition.formula.errors.text(entry.slopeTitle),
      ]
      return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let heading = ["| activation | parameters | value | derivative or pullback | error |", "|---|---|---|---|---|"]
    return (heading + rows).joined(separator: "\n")
  }
}

extension ListEntry: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, aliases, elementwise, parameters, formula, derivative, pullback
    case errorBounds = "error_bounds_ulp"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(definition.name, forKey: .name)
    try container.encode(definition.aliases, forKey: .aliases)
    try container.encode(definition.isElementwise, forKey: .elementwise)
    try container.encode(definition.parameters, forKey: .parameters)
    try container.encode(definition.formula.value, forKey: .formula)
    try container.encode(definition.formula.slope, forKey: definition.isElementwise ? .derivative : .pullback)
    try container.encode(definition.formula.errors, forKey: .errorBounds)
  }
}

extension Parameter {
  /// `alpha = 1`, or only the name if the parameter is required.
  var assignment: String {
    guard let defaultValue else { return name }
    return "\(name) = \(defaultValue == .null ? "none" : defaultValue.description)"
  }

  var text: String {
    let others = aliases.isEmpty ? "" : " (also \(aliases.joined(separator: ", ")))"
    return "\(assignment)\(others): \(range.description)\(defaultValue == nil ? ", required" : "")"
  }
}

extension Parameter: Encodable {
  private enum CodingKeys: String, CodingKey { case name, aliases, `default`, required, range }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(aliases, forKey: .aliases)
    try container.encode(defaultValue == nil, forKey: .required)
    try container.encodeIfPresent(defaultValue, forKey: .default)
    try container.encode(range.description, forKey: .range)
  }
}

extension ErrorBounds {
  /// `at most 1 ulp in Float, 2 in Double; derivative 2 and 4`.
  func text(_ slopeTitle: String) -> String {
    guard let value else { return "no bound is known" }
    if value.isZero && slope?.isZero ?? true { return "exact" }
    var text = value.isZero ? "exact" : "at most \(value.float.short) ulp"
    if value.double != value.float { text += " in Float, \(value.double.short) in Double" }
    if let valueScale { text += " of \(valueScale)" }
    guard let slope else { return text }
    text += "; \(slopeTitle) "
    text += slope.isZero ? "exact" : slope.float.short
    if slope.double != slope.float { text += " and \(slope.double.short)" }
    if let slopeScale { text += " ulp of \(slopeScale)" }
    if let leastSlope { text += " ulp of max(|\(slopeTitle)|, \(leastSlope == 0x1p-8 ? "2⁻⁸" : "\(leastSlope)"))" }
    return text
  }
}

extension ErrorBounds.Bound {
  fileprivate var isZero: Bool { float == 0 && double == 0 }
}

extension ErrorBounds: Encodable {
  private enum CodingKeys: String, CodingKey {
    case value, slope
    case leastSlope = "least_slope"
    case valueScale = "value_scale"
    case slopeScale = "slope_scale"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value.map { ["float": $0.float, "double": $0.double] }, forKey: .value)
    try container.encode(slope.map { ["float": $0.float, "double": $0.double] }, forKey: .slope)
    try container.encodeIfPresent(leastSlope, forKey: .leastSlope)
    try container.encodeIfPresent(valueScale, forKey: .valueScale)
    try container.encodeIfPresent(slopeScale, forKey: .slopeScale)
  }
}
