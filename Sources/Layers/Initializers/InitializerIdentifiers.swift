import Tensor

extension Initializer.Rule: Identified {
  package static var kind: String { "initializer" }

  package static var all: [Self] {
    FanScaling.Kind.allCases.map { .fanScaling(FanScaling($0)) } + [
      .varianceScaling(VarianceScaling()), .normal(NormalDistribution()), .truncatedNormal(NormalDistribution()),
      .uniform(UniformDistribution()), .orthogonal(Gain()), .identity(Gain()), .zeros, .ones,
      .constant(ConstantValue()),
    ]
  }

  package var identifiers: [String] {
    switch self {
    case .fanScaling(let fans): [fans.kind.rawValue, snakeCase(fans.kind.rawValue)]
    case .varianceScaling: ["VarianceScaling", "variance_scaling"]
    case .normal: ["RandomNormal", "random_normal", "normal"]
    case .truncatedNormal: ["TruncatedNormal", "truncated_normal"]
    case .uniform: ["RandomUniform", "random_uniform", "uniform"]
    case .orthogonal: ["Orthogonal", "orthogonal", "OrthogonalInitializer"]
    case .identity: ["Identity", "identity", "IdentityInitializer"]
    case .zeros: ["Zeros", "zeros", "zero"]
    case .ones: ["Ones", "ones", "one"]
    case .constant: ["Constant", "constant"]
    case .values: ["values"]
    case .placeholder(let rule): rule.identifiers
    case .custom(let initializer): [initializer.name]
    }
  }

  package var payload: Payload<Self>? {
    switch self {
    case .fanScaling(let fans): Payload(fans, Self.fanScaling)
    case .varianceScaling(let scaling): Payload(scaling, Self.varianceScaling)
    case .normal(let normal): Payload(normal, Self.normal)
    case .truncatedNormal(let normal): Payload(normal, Self.truncatedNormal)
    case .uniform(let uniform): Payload(uniform, Self.uniform)
    case .orthogonal(let factor): Payload(factor, Self.orthogonal)
    case .identity(let factor): Payload(factor, Self.identity)
    case .constant(let constant): Payload(constant, Self.constant)
    case .placeholder(let rule): rule.payload
    case .zeros, .ones, .values, .custom: nil
    }
  }
}

extension Initializer: ExpressibleByStringLiteral, CustomStringConvertible {
  /// Keras's class or identifier: `"HeNormal"`, `"he_normal"`. An unknown one stops the program.
  public init(stringLiteral name: String) { self.init(.required(name)) }

  /// Keras's class, "values" or the name of a custom initializer.
  public var name: String { rule.identifiers[0] }

  /// The name, with the arguments that differ from their defaults: `RandomNormal(standardDeviation: 0.1)`.
  public var description: String { rule.described(as: name) }
}
