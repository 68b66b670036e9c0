import Activations

extension Configuration {
  /// Arrays of NumPy and tuples, which Keras wraps in objects, as numbers and lists.
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
  /// An object with `class_name` and `config`, the latter without some fields; anything else as it is.
  func withoutParameters(_ names: Set<String>) -> Configuration {
    guard var fields = asObject, let config = fields["config"]?.asObject else { return self }
    fields["config"] = .object(config.filter { !names.contains($0.key) })
    return .object(fields)
  }
}

extension String {
  /// `Scale` of `Custom>Scale`.
  var withoutPackage: String { lastIndex(of: ">").map { String(self[index(after: $0)...]) } ?? self }
}
