import Foundation

/// Writes the elements of an SVG drawing, one per line.
struct SVG {
  private var lines: [String] = []
  private var open: [String] = []

  typealias Attributes = KeyValuePairs<String, String>

  mutating func begin(_ element: String, _ attributes: Attributes = [:]) {
    add("<\(element)\(Self.text(attributes))>")
    open.append(element)
  }

  mutating func end() {
    let element = open.removeLast()
    add("</\(element)>")
  }

  mutating func element(_ name: String, _ attributes: Attributes, content: String? = nil) {
    let start = "<\(name)\(Self.text(attributes))"
    add(content.map { "\(start)>\(Self.escaped($0))</\(name)>" } ?? "\(start)/>")
  }

  /// A drawing of the given size with a title for those who do not see it.
  static func document(
    width: Double, height: Double, font: String, fontSize: Double, title: String, _ draw: (inout SVG) -> Void
  ) -> String {
    var svg = SVG()
    svg.begin(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": number(width), "height": number(height),
        "viewBox": "0 0 \(number(width)) \(number(height))", "role": "img", "font-family": font,
        "font-size": number(fontSize),
      ])
    svg.element("title", [:], content: title)
    draw(&svg)
    svg.end()
    return svg.lines.joined(separator: "\n") + "\n"
  }

  /// With at most two decimals.
  static func number(_ x: Double) -> String {
    let rounded = (x * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : String(format: "%.2f", rounded).trimmedZeros
  }

  static func path(_ points: [Point], isClosed: Bool = false) -> String {
    let pairs = points.map { "\(number($0.x)) \(number($0.y))" }
    return "M" + pairs.joined(separator: "L") + (isClosed ? "Z" : "")
  }

  private mutating func add(_ line: String) { lines.append(String(repeating: "  ", count: open.count) + line) }

  private static func text(_ attributes: Attributes) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}

extension String {
  fileprivate var trimmedZeros: String {
    var text = self
    while text.last == "0" { text.removeLast() }
    return text
  }
}
