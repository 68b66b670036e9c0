/// A value attached to a group or a dataset.
@nonexhaustive
public enum HDF5Attribute: Hashable, Sendable {
  /// One text.
  case text(String)
  /// Several texts.
  case texts([String])
  /// Numbers, and values without a counterpart here: their type and number.
  case other(type: String, count: Int)
}

extension HDF5Attribute {
  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// Empty lists have no text type in Keras's files.
  var texts: [String]? {
    switch self {
    case .texts(let texts): texts
    case .other(_, 0): []
    case .text, .other: nil
    }
  }
}
