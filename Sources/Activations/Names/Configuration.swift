/// What a configuration file says, as JSON: the values of parameters and the classes of layers and functions.
///
/// ```swift
/// let parameters: [String: Configuration] = ["negative_slope": 0.1, "max_value": nil]
/// ```
///
/// Files distinguish `1` from `1.0`, and some readers take only one of them; compared, both are the same number.
public enum Configuration: Sendable {
  /// Nothing: `null`.
  case null
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number, written without a point.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// Several values in their order.
  case list([Configuration])
  /// Values by their names.
  case object([String: Configuration])
}

extension Configuration {
  /// The value of a number, whole or not; none of anything else.
  public var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value of a whole number, be it written `1` or `1.0`; none of anything else.
  public var asInteger: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }
}

extension Configuration {
  /// The text of a string; none of anything else.
  public var asString: String? { if case .string(let text) = self { text } else { nil } }
  /// The elements of a list; none of anything else.
  public var asList: [Configuration]? { if case .list(let elements) = self { elements } else { nil } }
  /// The fields of an object; none of anything else.
  public var asObject: [String: Configuration]? { if case .object(let fields) = self { fields } else { nil } }
  /// A field of an object; none where it has no such field, and of anything else.
  public subscript(key: String) -> Configuration? { asObject?[key] }
}

extension Configuration: Hashable {
  public static func == (left: Configuration, right: Configuration) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.flag(let left), .flag(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
      Int(exactly: number) == integer
    case (.string(let left), .string(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .flag(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value):
      if let integer = Int(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
    case .string(let value): hasher.combine(value)
    case .list(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    }
  }
}

extension Configuration: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: Configuration...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, Configuration)...) {
    self = .object(Dictionary(uniqueKeysWithValues: elements))
  }
}

extension Configuration: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // The commonest first: what fails costs more than what succeeds.
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([String: Configuration].self) {
      self = .object(value)
    } else if let value = try? container.decode([Configuration].self) {
      self = .list(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension Configuration: CustomStringConvertible {
  /// As JSON, objects with their keys in order; strings are names and are not escaped.
  public var description: String {
    switch self {
    case .null: "null"
    case .flag(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .string(let value): "\"\(value)\""
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    case .object(let values):
      "{\(values.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ", "))}"
    }
  }
}
