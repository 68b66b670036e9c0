import Activations
import Layers

/// A parameter of a Keras class, and the corresponding field of the rule, whose range it has.
struct KerasField<Rule: Parameterized> {
  typealias Read = (inout Rule, inout ParameterReader) throws(ConfigurationError) -> Void

  /// Keras's name.
  let name: String
  /// `nil` if it has no field and must have one value.
  let path: PartialKeyPath<Rule>?
  let read: Read
  /// `nil` if nothing is written.
  let write: (Rule) -> Configuration?
  /// Whether only files of Keras 2 can have it.
  private(set) var isOfKeras3 = true

  init(
    _ name: String, _ path: PartialKeyPath<Rule>?, read: @escaping Read, write: @escaping (Rule) -> Configuration?
  ) {
    self.name = name
    self.path = path
    self.read = read
    self.write = write
  }
}

extension KerasField {
  /// A number.
  /// - Parameter isRequired: whether the parameter has no default.
  static func number(_ name: String, _ path: WritableKeyPath<Rule, Double>, isRequired: Bool = false) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.number(
        name, Rule.range(of: path), default: isRequired ? nil : rule[keyPath: path])
    } write: {
      .number($0[keyPath: path])
    }
  }

  /// A number or null.
  static func number(_ name: String, _ path: WritableKeyPath<Rule, Double?>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      let number = try reader.optionalNumber(name, Rule.range(of: path))
      if reader.isGiven(name) { rule[keyPath: path] = number }
    } write: {
      Configuration($0[keyPath: path])
    }
  }

  /// A required list of numbers.
  static func numbers(_ name: String, _ path: WritableKeyPath<Rule, [Double]>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.numbers(name, Rule.range(of: path))
    } write: {
      .list($0[keyPath: path].map { .number($0) })
    }
  }

  /// An integer.
  static func integer(_ name: String, _ path: WritableKeyPath<Rule, Int>, isRequired: Bool = false) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      let allowed = Rule.integers(of: path)
      rule[keyPath: path] = try reader.integer(
        name, from: allowed.lowerBound, to: allowed.upperBound, default: isRequired ? nil : rule[keyPath: path])
    } write: {
      .integer($0[keyPath: path])
    }
  }

  /// An integer or null.
  static func integer(_ name: String, _ path: WritableKeyPath<Rule, Int?>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      let allowed = Rule.integers(of: path)
      let integer = try reader.optionalInteger(name, from: allowed.lowerBound, to: allowed.upperBound)
      if reader.isGiven(name) { rule[keyPath: path] = integer }
    } write: {
      Configuration($0[keyPath: path])
    }
  }

  /// A list of integers, or a single one.
  static func integers(_ name: String, _ path: WritableKeyPath<Rule, [Int]>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.optionalIntegers(name) ?? rule[keyPath: path]
    } write: {
      Configuration($0[keyPath: path])
    }
  }

  /// A list of integers, a single one, or null.
  static func integers(_ name: String, _ path: WritableKeyPath<Rule, [Int]?>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.optionalIntegers(name) ?? rule[keyPath: path]
    } write: {
      Configuration($0[keyPath: path])
    }
  }

  /// An axis or a list of them, with null for all.
  static func axes(_ name: String, _ path: WritableKeyPath<Rule, [Int]?>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      let axes = try reader.optionalIntegers(name)
      if reader.isGiven(name) { rule[keyPath: path] = axes }
    } write: {
      $0[keyPath: path].map { Configuration(axisOrAxes: $0) } ?? .null
    }
  }

  static func flag(_ name: String, _ path: WritableKeyPath<Rule, Bool>) -> Self {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.flag(name, default: rule[keyPath: path])
    } write: {
      .flag($0[keyPath: path])
    }
  }

  /// One of several words.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ path: WritableKeyPath<Rule, Choice>
  ) -> Self where Choice.RawValue == String {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      rule[keyPath: path] = try reader.choice(name, default: rule[keyPath: path])
    } write: {
      .string($0[keyPath: path].rawValue)
    }
  }

  /// One of several words, or null.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ path: WritableKeyPath<Rule, Choice?>
  ) -> Self where Choice.RawValue == String {
    Self(name, path) { rule, reader throws(ConfigurationError) in
      let choice: Choice? = try reader.optionalChoice(name)
      if reader.isGiven(name) { rule[keyPath: path] = choice }
    } write: {
      $0[keyPath: path].map { .string($0.rawValue) } ?? .null
    }
  }

  /// A parameter that only Keras 2 has: written if it is not the default.
  func ofKeras2(unless usual: Rule) -> Self {
    let write = write
    var result = Self(name, path, read: read) { rule in write(rule) == write(usual) ? nil : write(rule) }
    result.isOfKeras3 = false
    return result
  }

  /// An axis in Keras's files, which must be the last one.
  static var lastAxis: Self {
    Self("axis", nil) { _, reader throws(ConfigurationError) in
      guard let axes = try reader.optionalIntegers("axis"), axes != [-1] else { return }
      throw reader.outOfRange("axis", "\(axes)", "-1, the last axis")
    } write: { _ in
      nil
    }
  }

  /// A parameter that has other values in Keras, but not here.
  static func only(_ name: String, _ value: Configuration) -> Self {
    Self(name, nil) { _, reader throws(ConfigurationError) in
      try reader.expect(name, value)
    } write: { _ in
      value
    }
  }

  /// A parameter that has no effect here.
  static func passedOver(_ name: String, writing value: Configuration) -> Self {
    Self(name, nil) { _, reader throws(ConfigurationError) in
      reader.passOver(name)
    } write: { _ in
      value
    }
  }
}

extension Parameterized {
  /// The range of a number field.
  static func range(of path: PartialKeyPath<Self>) -> NumberRange {
    guard let range = parameters.first(where: { $0.path == path })?.range else {
      preconditionFailure("\(self) has no number \(path) among its parameters")
    }
    return range
  }

  /// The range of an integer field.
  static func integers(of path: PartialKeyPath<Self>) -> ClosedRange<Int> {
    guard let integers = parameters.first(where: { $0.path == path })?.integers else {
      preconditionFailure("\(self) has no integer \(path) among its parameters")
    }
    return integers
  }
}
