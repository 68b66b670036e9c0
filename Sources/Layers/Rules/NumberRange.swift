/// The numbers that a parameter accepts.
@nonexhaustive
public enum NumberRange: Hashable, Sendable {
  /// All finite numbers.
  case finite
  /// 0...
  case nonnegative
  /// Above 0.
  case positive
  /// ...0
  case nonpositive
  /// 1...
  case fromOne
  /// 0...1
  case closedUnit
  /// -1...1
  case signedUnit
  /// 0..<1
  case halfOpenUnit
  /// Above 0, up to 1.
  case upperUnit
  /// Above 0, below 1.
  case openUnit

  /// Whether a number lies in the range; infinities and NaN never do.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return switch self {
    case .finite: true
    case .nonnegative: value >= 0
    case .positive: value > 0
    case .nonpositive: value <= 0
    case .fromOne: value >= 1
    case .closedUnit: 0 <= value && value <= 1
    case .signedUnit: -1 <= value && value <= 1
    case .halfOpenUnit: 0 <= value && value < 1
    case .upperUnit: 0 < value && value <= 1
    case .openUnit: 0 < value && value < 1
    }
  }
}

extension NumberRange: CustomStringConvertible {
  public var description: String {
    switch self {
    case .finite: "finite numbers"
    case .nonnegative: "finite numbers of at least 0"
    case .positive: "finite numbers above 0"
    case .nonpositive: "finite numbers up to 0"
    case .fromOne: "finite numbers of at least 1"
    case .closedUnit: "numbers from 0 to 1"
    case .signedUnit: "numbers from -1 to 1"
    case .halfOpenUnit: "numbers of at least 0 and below 1"
    case .upperUnit: "numbers above 0, up to 1"
    case .openUnit: "numbers above 0, below 1"
    }
  }
}
