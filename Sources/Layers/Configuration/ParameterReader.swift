import Activations

/// Reads a configuration's parameters one by one, with their defaults and ranges.
struct ParameterReader {
  /// What errors call the owner of the parameters.
  let owner: String
  private let given: [String: Configuration]
  private var known: [String] = []

  init(_ owner: String, _ given: [String: Configuration]) {
    self.owner = owner
    self.given = given
  }

  /// Throws where a parameter is given that has not been read.
  func finish() throws(ConfigurationError) {
    if let stranger = given.keys.filter({ !known.contains($0) }).min() {
      throw .unknownParameter(owner: owner, parameter: stranger, allowed: known)
    }
  }

  func outOfRange(_ parameter: String, _ value: String, _ allowed: String) -> ConfigurationError {
    .parameterOutOfRange(owner: owner, parameter: parameter, value: value, allowed: allowed)
  }

  /// What is given; nil where nothing is, or null.
  mutating func configuration(_ parameter: String) -> Configuration? {
    known.append(parameter)
    return given[parameter] == .null ? nil : given[parameter]
  }

  /// Whether a parameter is given, be it null.
  func isGiven(_ parameter: String) -> Bool { given[parameter] != nil }

  mutating func optionalNumber(
    _ parameter: String, _ range: NumberRange = .finite
  ) throws(ConfigurationError) -> Double? {
    guard let value = configuration(parameter) else { return nil }
    guard let number = value.asNumber, range.contains(number) else {
      throw outOfRange(parameter, value.description, "\(range)")
    }
    return number
  }

  mutating func number(
    _ parameter: String, _ range: NumberRange = .finite, default defaultValue: Double? = nil
  ) throws(ConfigurationError) -> Double {
    guard let number = try optionalNumber(parameter, range) ?? defaultValue else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "\(range)")
    }
    return number
  }

  mutating func optionalInteger(_ parameter: String, from least: Int) throws(ConfigurationError) -> Int? {
    guard let value = configuration(parameter) else { return nil }
    guard let integer = value.asInteger, integer >= least else {
      throw outOfRange(parameter, value.description, "integers from \(least) on")
    }
    return integer
  }

  mutating func flag(_ parameter: String, default defaultValue: Bool) throws(ConfigurationError) -> Bool {
    guard let value = configuration(parameter) else { return defaultValue }
    guard case .flag(let flag) = value else { throw outOfRange(parameter, value.description, "true and false") }
    return flag
  }

  /// One of some words.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ parameter: String, default defaultValue: Choice
  ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
    guard let value = configuration(parameter) else { return defaultValue }
    guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
      throw outOfRange(parameter, value.description, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  mutating func optionalIntegers(_ parameter: String) throws(ConfigurationError) -> [Int]? {
    guard let value = configuration(parameter) else { return nil }
    if let integer = value.asInteger { return [integer] }
    guard case .list(let list) = value else {
      throw outOfRange(parameter, value.description, "integers and lists of integers")
    }
    var integers: [Int] = []
    for element in list {
      guard let integer = element.asInteger else {
        throw outOfRange(parameter, value.description, "integers and lists of integers")
      }
      integers.append(integer)
    }
    return integers
  }

  /// An axis or several; null stands for all, nil in the result.
  mutating func axes(_ parameter: String, default defaultAxis: Int) throws(ConfigurationError) -> [Int]? {
    let axes = try optionalIntegers(parameter)
    return given[parameter] == nil ? [defaultAxis] : axes
  }

  mutating func numbers(_ parameter: String, _ range: NumberRange = .finite) throws(ConfigurationError) -> [Double] {
    guard let value = configuration(parameter) else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "lists of \(range)")
    }
    guard case .list(let list) = value else { throw outOfRange(parameter, value.description, "lists of \(range)") }
    var numbers: [Double] = []
    for element in list {
      guard let number = element.asNumber, range.contains(number) else {
        throw outOfRange(parameter, value.description, "lists of \(range)")
      }
      numbers.append(number)
    }
    return numbers
  }
}

extension Configuration {
  init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
  init(_ integer: Int?) { self = integer.map { .integer($0) } ?? .null }
  init(_ integers: [Int]?) { self = integers.map { .list($0.map { .integer($0) }) } ?? .null }
}
