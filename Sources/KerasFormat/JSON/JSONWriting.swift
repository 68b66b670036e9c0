public import Activations

extension Configuration {
  /// The configuration as JSON on one line, with keys in alphabetical order.
  ///
  /// Numbers keep their kind, unlike with Foundation's writers: `.number(1)` is `1.0` and `.integer(1)` is `1`, which
  /// Python reads as a float and an integer. Infinities and NaN are written as Python writes them.
  public var json: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .flag(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.json
    case .string(let value): value.writeJSON(to: &text)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += ", " }
        element.write(to: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += ", " }
        field.key.writeJSON(to: &text)
        text += ": "
        field.value.write(to: &text)
      }
      text += "}"
    }
  }
}

extension Double {
  /// The shortest decimal number that parses to this one.
  fileprivate var json: String {
    isNaN ? "NaN" : isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : description
  }
}

extension String {
  fileprivate func writeJSON(to text: inout String) {
    text += "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
