import Tensor

/// A rule with parameters: an optimizer's, a loss's, a schedule's.
package protocol Parameterized: Hashable, Sendable {
  /// The fields' names in Swift and their permitted values, in the order of the factory's parameters.
  static var parameters: [Parameter<Self>] { get }

  /// A mistake in fields that are in their ranges but incompatible, if there is one.
  /// - Parameter largestNumber: the largest number of the type in which the rule computes.
  func contradiction(largestNumber: Double) -> ParameterMistake<Self>?
}

extension Parameterized {
  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? { nil }

  /// The first field with an invalid value.
  /// - Parameter largestNumber: the largest number of the type in which the rule computes.
  package func mistake(largestNumber: Double) -> ParameterMistake<Self>? {
    for parameter in Self.parameters {
      if let allowed = parameter.allowed(self, largestNumber) {
        return ParameterMistake(parameter.path, parameter.text(self)) { _ in allowed }
      }
    }
    return contradiction(largestNumber: largestNumber)
  }

  /// For source code: an invalid value stops the program.
  /// - Parameter name: the rule's name in the message.
  func requireAllowed(_ name: String, largestNumber: Double = .greatestFiniteMagnitude) {
    guard let mistake = mistake(largestNumber: largestNumber) else { return }
    func label(_ path: PartialKeyPath<Self>) -> String {
      Self.parameters.first { $0.path == path }?.label ?? "a parameter"
    }
    trap("\(name): \(label(mistake.path)) is \(mistake.value); allowed: \(mistake.allowed(label))")
  }

  /// The fields that differ from another rule's.
  func arguments(unlike other: Self?) -> ArgumentList {
    Self.parameters.reduce(ArgumentList()) { list, parameter in
      let text = parameter.text(self)
      return other.map(parameter.text) == text ? list : list.adding(parameter.label, text)
    }
  }

  /// The fields that differ from a rule that may be of another kind.
  func arguments(unlikeAny other: (any Parameterized)?) -> ArgumentList { arguments(unlike: other as? Self) }
}

/// A field with an invalid value.
package struct ParameterMistake<Rule> {
  package let path: PartialKeyPath<Rule>
  package let value: String
  /// The permitted values, for given names of the fields.
  package let allowed: (_ name: (PartialKeyPath<Rule>) -> String) -> String

  init(
    _ path: PartialKeyPath<Rule>, _ value: String, allowed: @escaping ((PartialKeyPath<Rule>) -> String) -> String
  ) {
    self.path = path
    self.value = value
    self.allowed = allowed
  }
}

/// A field of a rule.
package struct Parameter<Rule> {
  /// The factory's label.
  package let label: String
  package let path: PartialKeyPath<Rule>
  /// The range of a number or of several.
  package let range: NumberRange?
  /// The range of an integer.
  package let integers: ClosedRange<Int>?
  /// The value's text in descriptions.
  let text: (Rule) -> String
  /// The permitted values if the rule's value is invalid.
  let allowed: (Rule, _ largestNumber: Double) -> String?

  private init(
    _ label: String, _ path: PartialKeyPath<Rule>, range: NumberRange? = nil, integers: ClosedRange<Int>? = nil,
    text: @escaping (Rule) -> String, allowed: @escaping (Rule, Double) -> String? = { _, _ in nil }
  ) {
    self.label = label
    self.path = path
    self.range = range
    self.integers = integers
    self.text = text
    self.allowed = allowed
  }
}

extension Parameter {
  /// A number.
  static func number(_ label: String, _ path: KeyPath<Rule, Double>, _ range: NumberRange = .finite) -> Self {
    Self(
      label, path, range: range,
      text: { "\($0[keyPath: path])" },
      allowed: { rule, largest in
        range.violation(by: rule[keyPath: path], largest: largest)
      })
  }

  /// A number or `nil`.
  static func number(_ label: String, _ path: KeyPath<Rule, Double?>, _ range: NumberRange = .finite) -> Self {
    Self(
      label, path, range: range,
      text: { $0[keyPath: path].map { "\($0)" } ?? "nil" },
      allowed: { rule, largest in
        rule[keyPath: path].flatMap { range.violation(by: $0, largest: largest) }
      })
  }

  /// Several numbers.
  static func numbers(_ label: String, _ path: KeyPath<Rule, [Double]>, _ range: NumberRange = .finite) -> Self {
    Self(
      label, path, range: range,
      text: { "\($0[keyPath: path])" },
      allowed: { rule, largest in
        rule[keyPath: path].lazy.compactMap { range.violation(by: $0, largest: largest) }.first
      })
  }

  /// Several numbers or `nil`.
  static func numbers(_ label: String, _ path: KeyPath<Rule, [Double]?>, _ range: NumberRange = .finite) -> Self {
    Self(
      label, path, range: range,
      text: { $0[keyPath: path].map { "\($0)" } ?? "nil" },
      allowed: { rule, largest in
        rule[keyPath: path]?.lazy.compactMap { range.violation(by: $0, largest: largest) }.first
      })
  }

  /// An integer.
  static func integer(_ label: String, _ path: KeyPath<Rule, Int>, _ integers: ClosedRange<Int>) -> Self {
    Self(
      label, path, integers: integers,
      text: { "\($0[keyPath: path])" },
      allowed: { rule, _ in
        integers.contains(rule[keyPath: path]) ? nil : integers.integersDescription
      })
  }

  /// An integer or `nil`.
  static func integer(_ label: String, _ path: KeyPath<Rule, Int?>, _ integers: ClosedRange<Int>) -> Self {
    Self(
      label, path, integers: integers,
      text: { $0[keyPath: path].map { "\($0)" } ?? "nil" },
      allowed: { rule, _ in
        rule[keyPath: path].map(integers.contains) ?? true ? nil : integers.integersDescription
      })
  }

  /// A field whose values are all valid.
  static func any<Value>(_ label: String, _ path: KeyPath<Rule, Value>) -> Self {
    Self(label, path, text: { "\($0[keyPath: path])" })
  }

  /// A field whose values are all valid, or `nil`.
  static func any<Value>(_ label: String, _ path: KeyPath<Rule, Value?>) -> Self {
    Self(label, path, text: { $0[keyPath: path].map { "\($0)" } ?? "nil" })
  }
}

extension NumberRange {
  /// The permitted values if a number is invalid, including the limit of the number's type if that is exceeded.
  package func violation(by number: Double, largest: Double) -> String? {
    guard contains(number) else { return "\(self)" }
    return abs(number) <= largest ? nil : "\(self), of a magnitude up to \(largest)"
  }
}

extension ClosedRange<Int> {
  package var integersDescription: String {
    if upperBound < .max { return "integers from \(lowerBound) to \(upperBound)" }
    return lowerBound == .min ? "integers" : "integers of at least \(lowerBound)"
  }
}

extension Int {
  /// The largest number of classes, columns and similar counts, which Keras's own numbers can represent.
  package static var greatestCount: Int { Int(Int32.max) }
}
