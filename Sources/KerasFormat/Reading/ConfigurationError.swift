import Activations
import Layers
import Tensor

/// An error in a name and its parameters. The kind is that of the value looked for: "initializer", "optimizer".
@nonexhaustive
public enum ConfigurationError: Error, Hashable, Sendable {
  /// An unknown name.
  case unknownName(kind: String, name: String, similar: [String], all: [String])
  /// An unknown parameter.
  case unknownParameter(owner: String, parameter: String, allowed: [String])
  /// A missing parameter that has no default.
  case missingParameter(owner: String, parameter: String, allowed: String)
  /// A parameter that is out of its range, of another kind, or incompatible with others.
  case parameterOutOfRange(owner: String, parameter: String, value: String, allowed: String)
  /// A configuration that is neither a name nor an object with `class_name` and `config`.
  case notAKind(kind: String, configuration: String)
  /// A text that is not JSON.
  case notJSON(reason: String)
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownName(let kind, let name, let similar, let all):
      unknownNameText(kind: kind, name: name, similar: similar, all: all)
    case .unknownParameter(let owner, let parameter, let allowed):
      "\(owner) has no parameter \(parameter.shortened); "
        + (allowed.isEmpty ? "it has none" : "it has \(allowed.joined(separator: ", "))")
    case .missingParameter(let owner, let parameter, let allowed):
      "\(owner): \(parameter) is missing; allowed: \(allowed)"
    case .parameterOutOfRange(let owner, let parameter, let value, let allowed):
      "\(owner): \(parameter) is \(value.shortened); allowed: \(allowed)"
    case .notAKind(let kind, let configuration):
      "\(configuration.shortened) is no \(kind); expected: a name, or an object with class_name and config"
    case .notJSON(let reason):
      "expected JSON: \(reason)"
    }
  }
}

extension ConfigurationError {
  /// The message without the known names.
  var summary: String {
    switch self {
    case .unknownName(let kind, let name, _, _): "no \(kind) is called \"\(name.shortened)\""
    default: description
    }
  }
}

extension String {
  /// Text from a file may be long and contain line breaks.
  fileprivate var shortened: String { shortened(to: 60).onOneLine }
}
