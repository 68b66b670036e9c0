import Tensor

extension Optimizer.Rule: Hashable {
  package static func == (first: Self, second: Self) -> Bool {
    switch (first, second) {
    case (.builtIn(let first), .builtIn(let second)): AnyHashable(first) == AnyHashable(second)
    case (.custom(let first), .custom(let second)): first == second
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .builtIn(let rule): hasher.combine(AnyHashable(rule))
    case .custom(let optimizer): hasher.combine(optimizer)
    }
  }
}

extension Optimizer.Rule: Identified {
  package static var kind: String { "optimizer" }

  package static var all: [Self] {
    let rules: [any OptimizerRule] = [
      SGD(), RMSprop(), Adagrad(), Adadelta(), Adam(), AdamW(), Adamax(), Nadam(), Lion(), Ftrl(), Lamb(), Adafactor(),
      Muon(), ScheduleFreeAdamW(),
    ]
    return rules.map { .builtIn($0) }
  }

  package var identifiers: [String] {
    switch self {
    case .builtIn(let rule): [type(of: rule).name]
    case .custom(let optimizer): [optimizer.name]
    }
  }

  package var payload: Payload<Self>? {
    guard case .builtIn(let rule) = self else { return nil }
    func payload(_ rule: some OptimizerRule) -> Payload<Self> { Payload(rule) { .builtIn($0) } }
    return payload(rule)
  }
}

extension Optimizer: ExpressibleByStringLiteral {
  /// Keras's class, in capitals or not: `"AdamW"`, `"adamw"`. An unknown one stops the program.
  public init(stringLiteral name: String) { self.init(.required(name, ignoringCase: true)) }

  /// A rule with its usual learning rate and weight decay.
  package init(_ rule: Rule) {
    guard case .builtIn(let builtIn) = rule else {
      self.init(rule, learningRate: 0.001)
      return
    }
    self.init(rule, learningRate: .constant(type(of: builtIn).learningRate), weightDecay: type(of: builtIn).weightDecay)
  }
}

extension Optimizer: CustomStringConvertible {
  /// The name, with the arguments that differ from their defaults: `Adam(learningRate: 0.01, beta1: 0.8)`.
  public var description: String {
    let usual = Optimizer(rule)
    var arguments = ArgumentList().adding("learningRate", learningRate, unless: usual.learningRate)
    if case .builtIn(let rule) = rule { arguments.add(rule.arguments(unlikeAny: type(of: rule).init())) }
    if weightDecay != usual.weightDecay { arguments = arguments.adding("weightDecay", weightDecay) }
    arguments = arguments.adding("clipping", clipping).adding("movingAverage", movingAverage)
      .adding("lossScaleFactor", lossScaleFactor).adding("dynamicLossScale", dynamicLossScale)
      .adding("gradientAccumulationSteps", gradientAccumulationSteps)
    return arguments.isEmpty ? name : "\(name)(\(arguments))"
  }
}

extension GradientClipping: CustomStringConvertible {
  /// The value as source code: `norm(1.0)`.
  public var description: String {
    switch self {
    case .norm(let limit): "norm(\(limit))"
    case .globalNorm(let limit): "globalNorm(\(limit))"
    case .value(let limit): "value(\(limit))"
    }
  }
}

extension MovingAverage: CustomStringConvertible {
  /// The value as source code: `MovingAverage(momentum: 0.9)`.
  public var description: String {
    let arguments = ArgumentList().adding("momentum", momentum, unless: 0.99)
      .adding("overwriteFrequency", overwriteFrequency)
    return "MovingAverage(\(arguments))"
  }
}
