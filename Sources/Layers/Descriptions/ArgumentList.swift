/// What a description shows between its parentheses: the arguments that are not the defaults.
struct ArgumentList: CustomStringConvertible {
  private var texts: [String] = []

  init() {}

  /// An argument that has to be given.
  init(_ value: some CustomStringConvertible) { append(nil, value.description) }

  /// A list that has to be given.
  init(list lengths: [Int?]) { append(nil, Self.text(lengths)) }

  /// An argument that has to be given under its label.
  init(_ label: String, _ value: some CustomStringConvertible) { append(label, value.description) }

  /// With one more, unless it is the default.
  func adding<Value: Equatable & CustomStringConvertible>(
    _ label: String, _ value: Value, unless defaultValue: Value
  ) -> Self {
    value == defaultValue ? self : adding(label, value)
  }

  /// With one more, if there is one.
  func adding(_ label: String, _ value: (some CustomStringConvertible)?) -> Self {
    guard let value else { return self }
    var result = self
    result.append(label, value.description)
    return result
  }

  /// With a list, if there is one.
  func adding(_ label: String, list lengths: [Int?]?) -> Self {
    guard let lengths else { return self }
    var result = self
    result.append(label, Self.text(lengths))
    return result
  }

  /// Adds those of another list.
  mutating func add(_ other: ArgumentList) { texts += other.texts }

  var isEmpty: Bool { texts.isEmpty }

  var description: String { texts.joined(separator: ", ") }

  private mutating func append(_ label: String?, _ text: String) {
    texts.append(label.map { "\($0): \(text)" } ?? text)
  }

  /// Long lists by their beginning.
  private static func text(_ lengths: [Int?]) -> String {
    let shown = lengths.prefix(8).map { $0.map(String.init) ?? "nil" }
    return "[\((shown + (lengths.count > 8 ? ["… \(lengths.count) in all"] : [])).joined(separator: ", "))]"
  }
}
