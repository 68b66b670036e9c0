import Activations
import ArgumentParser

/// An activation with its parameters in the command line's notation: `gelu`, `elu:alpha=0.5`,
/// `relu:negative_slope=0.1,max_value=6`.
struct CurveSpecification {
  let activation: Activation<Double>
  /// The label in Keras's notation, `elu(alpha=0.5)`.
  let label: String

  init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var parameters: [String: Configuration] = [:]
    var labels: [String] = []
    for assignment in parts.count == 1 ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let sides = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, !sides[0].isEmpty, let value = Self.value(sides[1]) else {
        throw ValidationError(
          "\"\(text)\" contains \"\(assignment)\"; expected: parameter=value, as in elu:alpha=0.5; "
            + "a value is a number, true, false or none")
      }
      guard parameters.updateValue(value, forKey: sides[0]) == nil else {
        throw ValidationError("\"\(text)\" gives \(sides[0]) twice")
      }
      labels.append("\(sides[0])=\(sides[1])")
    }
    activation = try explainingLayers { try Activation(named: parts[0], parameters: parameters) }
    guard activation.isElementwise else {
      throw ValidationError(
        "\(parts[0]) depends on whole lines of a tensor and has no curve; plot supports \(Self.names.joined(separator: ", "))"
      )
    }
    label = parts[0] + (labels.isEmpty ? "" : "(\(labels.joined(separator: ", ")))")
  }

  private static let names = BuiltIn.definitions.filter(\.isElementwise).map(\.name)

  private static func value(_ text: String) -> Configuration? {
    switch text.lowercased() {
    case "true": .flag(true)
    case "false": .flag(false)
    case "none", "null": .null
    default: Double(text).map { .number($0) }
    }
  }
}
