import Tensor

/// The two lines in a layer's box: name and class, shape and activation.
struct BoxText {
  let name: String
  let className: String
  let shape: String
  let activation: String

  static let font = "DejaVu Sans Mono, Menlo, Consolas, monospace"
  static let fontSize = 12.0
  static let margin = 10.0
  static let height = 46.0
  /// From the box's upper side.
  static let baselines = (19.0, 36.0)
  private static let space = 14.0
  private static let longest = 40

  init(_ box: ModelDiagram.Box) {
    name = Self.shortened(box.name)
    className = Self.shortened(box.className)
    shape = Self.shortened(box.shape)
    activation = Self.shortened(box.activation)
  }

  var width: Double {
    let first = Self.width(name) + Self.space + Self.width(className)
    let second = Self.width(shape) + (activation.isEmpty ? 0 : Self.space + Self.width(activation))
    return max(first, second) + 2 * Self.margin
  }

  /// The width of a line with a frame's name and class.
  var titleWidth: Double { Self.width(name) + Self.space + Self.width(className) + Self.margin }
  /// Where the class begins after the name.
  var classPlace: Double { Self.width(name) + Self.space }

  /// At least the width in fonts whose letters are all equally wide; others may take two places.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } * 0.61 * fontSize
  }

  /// Without its middle, if it is long.
  private static func shortened(_ text: String) -> String {
    let text = text.onOneLine
    return text.count <= longest ? text : text.prefix(longest / 2 - 1) + "…" + text.suffix(longest / 2)
  }
}
