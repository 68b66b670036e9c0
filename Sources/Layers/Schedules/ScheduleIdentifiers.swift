extension Schedule.Rule: Identified {
  package static var kind: String { "schedule" }

  package static var all: [Self] {
    [
      .constant(ConstantRate(rate: 0)), .exponentialDecay(TimeDecay()), .inverseTimeDecay(TimeDecay()),
      .piecewiseConstant(PiecewiseConstantRate()), .polynomialDecay(PolynomialDecay()), .cosineDecay(CosineDecay()),
      .cosineDecayRestarts(CosineDecayRestarts()),
    ]
  }

  package var identifiers: [String] {
    switch self {
    case .constant: ["constant"]
    case .exponentialDecay: ["ExponentialDecay"]
    case .inverseTimeDecay: ["InverseTimeDecay"]
    case .piecewiseConstant: ["PiecewiseConstantDecay"]
    case .polynomialDecay: ["PolynomialDecay"]
    case .cosineDecay: ["CosineDecay"]
    case .cosineDecayRestarts: ["CosineDecayRestarts"]
    case .custom(let schedule): [schedule.name]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .constant(let constant): Payload(constant, Self.constant)
    case .exponentialDecay(let decay): Payload(decay, Self.exponentialDecay)
    case .inverseTimeDecay(let decay): Payload(decay, Self.inverseTimeDecay)
    case .piecewiseConstant(let pieces): Payload(pieces, Self.piecewiseConstant)
    case .polynomialDecay(let decay): Payload(decay, Self.polynomialDecay)
    case .cosineDecay(let decay): Payload(decay, Self.cosineDecay)
    case .cosineDecayRestarts(let decay): Payload(decay, Self.cosineDecayRestarts)
    case .custom: nil
    }
  }
}

extension Schedule: CustomStringConvertible {
  /// Keras's class, "constant" or the name of a custom schedule.
  public var name: String { rule.identifiers[0] }

  /// The number of a constant; for others, the name and the arguments that differ from their defaults:
  /// `CosineDecay(initialRate: 0.1, steps: 1000.0)`.
  public var description: String {
    if case .constant(let constant) = rule { "\(constant.rate)" } else { rule.described(as: name) }
  }
}
