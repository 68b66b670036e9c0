import Tensor

/// A rule with parameters: an optimizer's, a loss's, a schedule's.
package protocol Parameterized: Hashable, Sendable {
  /// What the fields are called in Swift and which values they take, in the order of the factory.
  static var parameters: [Parameter<Self>] { get }

  /// What is wrong although every field is in its range, if anything is.
  /// - Parameter largestNumber: that of the type that the rule computes in.
  func contradiction(largestNumber: Double) -> ParameterMistake<Self>?
}

extension Parameterized {
  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? { nil }

  /// The first field with a value that is not allowed.
  /// - Parameter largestNumber: that of the type that the rule computes in.
  package func mistake(largestNumber: Double) -> ParameterMistake<Self>? {
    for parameter in Self.parameters {
      if let allowed = parameter.allowed(self, largestNumber) {
        return ParameterMistake(parameter.path, parameter.text(self)) { _ in allowed }
      }
    }
    return contradiction(largestNumber: largestNumber)
  }

  /// For source code: what is wrong stops the program.
  /// - Parameter name: what the message calls the rule.
  func requireAllowed(_ name: String, largestNumber: Double = .greatestFiniteMagnitude) {
    guard let mistake = mistake(largestNumber: largestNumber) else { return }
    func label(_ path: PartialKeyPath<Self>) -> String {
      Self.parameters.first { $0.path == path }?.label ?? "a parameter"
    }
    trap("\(name): \(label(mistake.path)) is \(mistake.value), allowed are \(mistake.allowed(label))")
  }

  /// Those fields that differ from another rule's.
  func arguments(unlike other: Self?) -> ArgumentList {
    Self.parameters.reduce(ArgumentList()) { list, parameter in
      let text = parameter.text(self)
      return other.map(parameter.text) == text ? list : list.adding(parameter.label, text)
    }
  }

  /// The same where the other rule may be of another kind.
  func arguments(unlikeAny other: (any Parameterized)?) -> ArgumentList { arguments(unlike: other as? Self) }
}

/// A field with a value that is not allowed.
package struct ParameterMistake<Rule> {
  package let path: PartialKeyPath<Rule>
  package let value: String
  /// What is allowed, from how fields are called where it is told.
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
  /// The factory's.
  package let label: String
  package let path: PartialKeyPath<Rule>
  /// Of a number or several.
  package let range: NumberRange?
  /// Of an integer.
  package let integers: ClosedRange<Int>?
  /// As a description shows it.
  let text: (Rule) -> String
  /// What is allowed, where a rule's value is not.
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

  /// A number or none.
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

  /// Several numbers or none.
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

  /// An integer or none.
  static func integer(_ label: String, _ path: KeyPath<Rule, Int?>, _ integers: ClosedRange<Int>) -> Self {
    Self(
      label, path, integers: integers,
      text: { $0[keyPath: path].map { "\($0)" } ?? "nil" },
      allowed: { rule, _ in
        rule[keyPath: path].map(integers.contains) ?? true ? nil : integers.integersDescription
      })
  }

  /// Anything of which all values are allowed.
  static func any<Value>(_ label: String, _ path: KeyPath<Rule, Value>) -> Self {
    Self(label, path, text: { "\($0[keyPath: path])" })
  }

  /// The same, or none.
  static func any<Value>(_ label: String, _ path: KeyPath<Rule, Value?>) -> Self {
    Self(label, path, text: { $0[keyPath: path].map { "\($0)" } ?? "nil" })
  }
}

extension NumberRange {
  /// What is allowed, where a number is not: with the limit of the numbers' type, where it is that which the number exceeds.
  package func violation(by number: Double, largest: Double) -> String? {
    guard contains(number) else { return "\(self)" }
    return abs(number) <= largest ? nil : "\(self), of a magnitude up to \(largest)"
  }
}

extension ClosedRange<Int> {
  package var integersDescription: String {
    if upperBound < .max { return "integers from \(lowerBound) to \(upperBound)" }
    return lowerBound == .min ? "integers" : "integers from \(lowerBound) on"
  }
}

extension Int {
  /// Of classes, columns and the like: what Keras's own numbers hold.
  package static var greatestCount: Int { Int(Int32.max) }
}
