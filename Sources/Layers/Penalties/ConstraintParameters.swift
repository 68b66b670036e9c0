import Tensor

// The constraints that have parameters. No axes means all axes.

package struct MaxNorm: Parameterized {
  package var maximum = 2.0
  package var axes: [Int]? = [0]

  package static var parameters: [Parameter<Self>] {
    [.number("maximum", \.maximum, .positive), .any("axis", \.axes)]
  }
}

package struct MinMaxNorm: Parameterized {
  package var min = 0.0
  package var max = 1.0
  package var rate = 1.0
  package var axes: [Int]? = [0]

  package static var parameters: [Parameter<Self>] {
    [
      .number("min", \.min, .nonnegative), .number("max", \.max, .nonnegative), .number("rate", \.rate, .closedUnit),
      .any("axis", \.axes),
    ]
  }

  package func contradiction(largestNumber: Double) -> ParameterMistake<Self>? {
    if min <= max { return nil }
    return ParameterMistake(\.min, "\(min)") { name in "numbers up to \(name(\.max)), which is \(max)" }
  }
}

package struct UnitNorm: Parameterized {
  package var axes: [Int]? = [0]

  package static var parameters: [Parameter<Self>] { [.any("axis", \.axes)] }
}

extension Constraint.Rule: Identified {
  package static var kind: String { "constraint" }

  package static var all: [Self] {
    [.maxNorm(MaxNorm()), .minMaxNorm(MinMaxNorm()), .unitNorm(UnitNorm()), .nonNegative]
  }

  package var identifiers: [String] {
    switch self {
    case .maxNorm: ["MaxNorm", "max_norm"]
    case .minMaxNorm: ["MinMaxNorm", "min_max_norm"]
    case .unitNorm: ["UnitNorm", "unit_norm"]
    case .nonNegative: ["NonNeg", "non_neg", "nonneg"]
    case .custom(let constraint): [constraint.name]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .maxNorm(let constraint): Payload(constraint, Self.maxNorm)
    case .minMaxNorm(let constraint): Payload(constraint, Self.minMaxNorm)
    case .unitNorm(let constraint): Payload(constraint, Self.unitNorm)
    case .nonNegative, .custom: nil
    }
  }
}

extension Constraint: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Keras's class or identifier: `"MaxNorm"`, `"max_norm"`. An unknown one stops the program.
  public init(stringLiteral name: String) { self.init(.required(name)) }

  /// Keras's class, or the name of a custom constraint.
  public var name: String { rule.identifiers[0] }

  /// The name, with the arguments that differ from their defaults: `MaxNorm(maximum: 3.0)`.
  public var description: String { rule.described(as: name) }
}
