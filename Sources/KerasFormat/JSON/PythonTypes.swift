import Activations

extension Configuration {
  /// The configuration with NumPy arrays and tuples, which Keras wraps in objects, replaced by numbers and lists.
  var withoutPythonTypes: Configuration {
    switch self {
    case .list(let elements):
      return .list(elements.map(\.withoutPythonTypes))
    case .object(let fields):
      switch fields["class_name"]?.asString {
      case "__numpy__"?, "__tensor__"?: return fields["config"]?["value"] ?? self
      case "__tuple__"?, "TensorShape"?: return fields["items"]?.withoutPythonTypes ?? self
      default: return self
      }
    default: return self
    }
  }
}

extension Configuration {
  /// Returns an object with `class_name` and `config` without some fields of the latter; anything else is returned
  /// unchanged.
  func withoutParameters(_ names: Set<String>) -> Configuration {
    guard var fields = asObject, let config = fields["config"]?.asObject else { return self }
    fields["config"] = .object(config.filter { !names.contains($0.key) })
    return .object(fields)
  }
}

extension String {
  /// The name without its package: `Scale` for `Custom>Scale`.
  var withoutPackage: String { lastIndex(of: ">").map { String(self[index(after: $0)...]) } ?? self }
}
