/// A value beside a group or a dataset.
@nonexhaustive
public enum HDF5Attribute: Hashable, Sendable {
  /// One text.
  case text(String)
  /// Several.
  case texts([String])
  /// Numbers, and what has no counterpart here: what they are, and how many.
  case other(type: String, count: Int)
}

extension HDF5Attribute {
  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// Lists without elements have no type of text in Keras's files.
  var texts: [String]? {
    switch self {
    case .texts(let texts): texts
    case .other(_, 0): []
    case .text, .other: nil
    }
  }
}
