import Foundation

/// Emphasis and colours of text, for terminals that show them.
struct TextStyle {
  let isColoured: Bool

  /// The style of standard output: colours only in a terminal, unless NO_COLOR is set (https://no-color.org) or the
  /// terminal is dumb.
  static let output = TextStyle(isTerminal: Terminal.isOutput, environment: ProcessInfo.processInfo.environment)
  static let plain = TextStyle(isColoured: false)

  init(isColoured: Bool) { self.isColoured = isColoured }

  init(isTerminal: Bool, environment: [String: String]) {
    isColoured = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  func bold(_ text: String) -> String { coded("1", text) }
  func faint(_ text: String) -> String { coded("2", text) }

  /// The text in a colour of the palette of 256.
  func coloured(_ text: String, _ colour: Int) -> String { coded("38;5;\(colour)", text) }

  private func coded(_ code: String, _ text: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
