/// The arguments in a description's parentheses: those that differ from their defaults.
struct ArgumentList: CustomStringConvertible {
  private var texts: [String] = []

  init() {}

  /// A required argument.
  init(_ value: some CustomStringConvertible) { append(nil, value.description) }

  /// A required list.
  init(list lengths: [Int?]) { append(nil, Self.text(lengths)) }

  /// A required argument with a label.
  init(_ label: String, _ value: some CustomStringConvertible) { append(label, value.description) }

  /// Adds an argument unless it is the default.
  func adding<Value: Equatable & CustomStringConvertible>(
    _ label: String, _ value: Value, unless defaultValue: Value
  ) -> Self {
    value == defaultValue ? self : adding(label, value)
  }

  /// Adds an argument if it is not `nil`.
  func adding(_ label: String, _ value: (some CustomStringConvertible)?) -> Self {
    guard let value else { return self }
    var result = self
    result.append(label, value.description)
    return result
  }

  /// Adds a list if it is not `nil`.
  func adding(_ label: String, list lengths: [Int?]?) -> Self {
    guard let lengths else { return self }
    var result = self
    result.append(label, Self.text(lengths))
    return result
  }

  /// Adds the arguments of another list.
  mutating func add(_ other: ArgumentList) { texts += other.texts }

  var isEmpty: Bool { texts.isEmpty }

  var description: String { texts.joined(separator: ", ") }

  private mutating func append(_ label: String?, _ text: String) {
    texts.append(label.map { "\($0): \(text)" } ?? text)
  }

  /// The text of a list; long lists are truncated.
  private static func text(_ lengths: [Int?]) -> String {
    let shown = lengths.prefix(8).map { $0.map(String.init) ?? "nil" }
    return "[\((shown + (lengths.count > 8 ? ["… \(lengths.count) in all"] : [])).joined(separator: ", "))]"
  }
}
