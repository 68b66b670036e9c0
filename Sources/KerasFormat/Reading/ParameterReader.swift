public import Activations
public import Layers

/// Reads the parameters of a configuration one by one, with their defaults and ranges.
public protocol ParameterReading {
  /// The owner of the parameters in errors: `Dense`.
  var owner: String { get }
  /// The largest permitted number.
  var largestNumber: Double { get }
  /// Returns a parameter's configuration; `nil` if it is missing or null. Marks the parameter as known.
  mutating func configuration(_ parameter: String) -> Configuration?
  /// Whether a parameter is given, including null.
  func isGiven(_ parameter: String) -> Bool
}

/// The parameters of one configuration.
struct ParameterReader: ParameterReading {
  let owner: String
  let largestNumber: Double
  private let given: [String: Configuration]
  private var known: [String] = []

  init(_ owner: String, _ given: [String: Configuration], largestNumber: Double = .greatestFiniteMagnitude) {
    self.owner = owner
    self.given = given
    self.largestNumber = largestNumber
  }

  /// Throws if a given parameter has not been read.
  /// - Parameter allowsNull: whether such a parameter may be null.
  func finish(allowingNull allowsNull: Bool = false) throws(ConfigurationError) {
    let strangers = given.filter { !known.contains($0.key) && !(allowsNull && $0.value == .null) }
    if let stranger = strangers.keys.min() {
      throw .unknownParameter(owner: owner, parameter: stranger, allowed: known)
    }
  }

  mutating func configuration(_ parameter: String) -> Configuration? {
    known.append(parameter)
    return given[parameter] == .null ? nil : given[parameter]
  }

  func isGiven(_ parameter: String) -> Bool { given[parameter] != nil }
  func hasRead(_ parameter: String) -> Bool { known.contains(parameter) }
}

extension ParameterReading {
  /// The error for an invalid value of a parameter.
  public func outOfRange(_ parameter: String, _ value: String, _ allowed: String) -> ConfigurationError {
    .parameterOutOfRange(owner: owner, parameter: parameter, value: value, allowed: allowed)
  }

  /// Rejects a parameter's value that Keras permits and this package does not.
  public mutating func expect(_ parameter: String, _ value: Configuration) throws(ConfigurationError) {
    guard let given = configuration(parameter), given != value else { return }
    throw outOfRange(parameter, given.description, "\(value) alone in this package")
  }

  /// Ignores parameters that have no effect here.
  public mutating func passOver(_ names: String...) {
    for name in names { _ = configuration(name) }
  }

  /// The permitted values if a value is not a number in the range.
  private func violation(of range: NumberRange, by value: Configuration) -> String? {
    guard let number = value.asNumber else { return "\(range)" }
    return range.violation(by: number, largest: largestNumber)
  }

  /// Reads a number; `nil` if the parameter is missing or null.
  public mutating func optionalNumber(
    _ parameter: String, _ range: NumberRange = .finite
  ) throws(ConfigurationError) -> Double? {
    guard let value = configuration(parameter) else { return nil }
    if let allowed = violation(of: range, by: value) { throw outOfRange(parameter, value.description, allowed) }
    return value.asNumber
  }

  /// Reads a number.
  /// - Parameter parameter: the parameter's name.
  /// - Parameter range: the permitted numbers.
  /// - Parameter defaultValue: the default; without one, the parameter is required.
  public mutating func number(
    _ parameter: String, _ range: NumberRange = .finite, default defaultValue: Double? = nil
  ) throws(ConfigurationError) -> Double {
    guard let number = try optionalNumber(parameter, range) ?? defaultValue else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "\(range)")
    }
    return number
  }

  /// Reads an integer; `nil` if the parameter is missing or null.
  public mutating func optionalInteger(
    _ parameter: String, from least: Int = .min, to greatest: Int = .max
  ) throws(ConfigurationError) -> Int? {
    guard let value = configuration(parameter) else { return nil }
    guard let integer = value.asInteger, least <= integer, integer <= greatest else {
      throw outOfRange(parameter, value.description, (least...greatest).integersDescription)
    }
    return integer
  }

  /// Reads an integer.
  /// - Parameter parameter: the parameter's name.
  /// - Parameter least: the smallest permitted integer; no limit by default.
  /// - Parameter greatest: the largest permitted integer; no limit by default.
  /// - Parameter defaultValue: the default; without one, the parameter is required.
  public mutating func integer(
    _ parameter: String, from least: Int = .min, to greatest: Int = .max, default defaultValue: Int? = nil
  ) throws(ConfigurationError) -> Int {
    guard let integer = try optionalInteger(parameter, from: least, to: greatest) ?? defaultValue else {
      throw .missingParameter(
        owner: owner, parameter: parameter, allowed: (least...greatest).integersDescription)
    }
    return integer
  }

  /// Reads a text; `nil` if the parameter is missing or null.
  public mutating func optionalString(_ parameter: String) throws(ConfigurationError) -> String? {
    guard let value = configuration(parameter) else { return nil }
    guard let text = value.asString else { throw outOfRange(parameter, value.description, "strings") }
    return text
  }

  /// Reads true or false.
  public mutating func flag(_ parameter: String, default defaultValue: Bool) throws(ConfigurationError) -> Bool {
    guard let value = configuration(parameter) else { return defaultValue }
    guard case .flag(let flag) = value else { throw outOfRange(parameter, value.description, "true and false") }
    return flag
  }

  /// Reads one of several words.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ parameter: String, default defaultValue: Choice
  ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
    guard let value = configuration(parameter) else { return defaultValue }
    guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
      throw outOfRange(parameter, value.description, Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// Reads one of several words; `nil` if the parameter is missing or null.
  public mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ parameter: String
  ) throws(ConfigurationError) -> Choice? where Choice.RawValue == String {
    guard let value = configuration(parameter) else { return nil }
    guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw outOfRange(parameter, value.description, "\(words) and null")
    }
    return choice
  }

  /// Reads a list of integers or a single one; `nil` if the parameter is missing or null.
  public mutating func optionalIntegers(_ parameter: String) throws(ConfigurationError) -> [Int]? {
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

  /// Reads an axis or several; null, `nil` in the result, stands for all.
  public mutating func axes(_ parameter: String, default defaultAxis: Int) throws(ConfigurationError) -> [Int]? {
    let axes = try optionalIntegers(parameter)
    return isGiven(parameter) ? axes : [defaultAxis]
  }

  /// Reads a required list of numbers.
  public mutating func numbers(_ parameter: String, _ range: NumberRange = .finite) throws(ConfigurationError)
    -> [Double]
  {
    guard let value = configuration(parameter) else {
      throw .missingParameter(owner: owner, parameter: parameter, allowed: "lists of \(range)")
    }
    guard case .list(let list) = value else { throw outOfRange(parameter, value.description, "lists of \(range)") }
    var numbers: [Double] = []
    for element in list {
      if let allowed = violation(of: range, by: element) {
        throw outOfRange(parameter, value.description, "lists of \(allowed)")
      }
      numbers.append(element.asNumber!)
    }
    return numbers
  }
}

extension Optional where Wrapped: Configurable {
  /// Writes null for `nil`.
  var configuration: Configuration { self?.configuration ?? .null }
}
