import Tensor

// The regularizers and their parameters.

package struct MagnitudePenalty: Parameterized {
  package var l1 = 0.01

  package static var parameters: [Parameter<Self>] { [.number("l1", \.l1, .nonnegative)] }
}

package struct SquarePenalty: Parameterized {
  package var l2 = 0.01

  package static var parameters: [Parameter<Self>] { [.number("l2", \.l2, .nonnegative)] }
}

package struct ElasticPenalty: Parameterized {
  package var l1 = 0.0
  package var l2 = 0.0

  package static var parameters: [Parameter<Self>] {
    [.number("l1", \.l1, .nonnegative), .number("l2", \.l2, .nonnegative)]
  }
}

package struct OrthogonalRegularizer: Parameterized {
  package var factor = 0.01
  package var mode = OrthogonalRegularizerMode.rows

  package static var parameters: [Parameter<Self>] {
    [.number("factor", \.factor, .nonnegative), .any("mode", \.mode)]
  }
}

extension Regularizer.Rule: Identified {
  package static var kind: String { "regularizer" }

  package static var all: [Self] {
    [.l1(MagnitudePenalty()), .l2(SquarePenalty()), .l1l2(ElasticPenalty()), .orthogonal(OrthogonalRegularizer())]
  }

  package var identifiers: [String] {
    switch self {
    case .l1: ["L1", "l1"]
    case .l2: ["L2", "l2"]
    case .l1l2: ["L1L2", "l1l2", "l1_l2"]
    case .orthogonal: ["OrthogonalRegularizer", "orthogonal_regularizer", "orthogonal"]
    case .custom(let regularizer): [regularizer.name]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .l1(let penalty): Payload(penalty, Self.l1)
    case .l2(let penalty): Payload(penalty, Self.l2)
    case .l1l2(let penalty): Payload(penalty, Self.l1l2)
    case .orthogonal(let regularizer): Payload(regularizer, Self.orthogonal)
    case .custom: nil
    }
  }
}

extension Regularizer: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Keras's class or identifier: `"L2"`, `"l2"`. An unknown one stops the program.
  public init(stringLiteral name: String) { self.init(.required(name)) }

  /// Keras's class, or the name of a custom regularizer.
  public var name: String { rule.identifiers[0] }

  /// The name, with the arguments that differ from their defaults: `L2(l2: 0.1)`.
  public var description: String { rule.described(as: name) }
}
