public import Tensor

/// Describes how gradients change weights. An optimizer is a value: it is compared, printed, stored and named. An
/// ``OptimizerState`` contains what it keeps between steps.
///
/// ```swift
/// let optimizer: Optimizer<Float> = .adam(learningRate: .cosineDecay(initialRate: 0.001, steps: 10_000))
///   .with(weightDecay: 0.004, clipping: .globalNorm(1))
/// ```
///
/// The steps are those of Keras 3, with fewer roundings: multiplications and additions are fused.
public struct Optimizer<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// The learning rate as a function of the step.
  public let learningRate: Schedule
  /// The fraction subtracted from every weight at each step, before its gradient: `learningRate · weightDecay ·
  /// weight`. By default `nil`, except for adamW.
  public private(set) var weightDecay: Double?
  /// The limit of gradients.
  public private(set) var clipping: GradientClipping?
  /// The moving averages that replace the weights at the end of training, if there are any.
  public private(set) var movingAverage: MovingAverage?
  /// The factor of the loss before gradients are computed; a step divides by it.
  public private(set) var lossScaleFactor: Double?
  /// Determines that factor during training; `nil` if it is fixed, or there is none.
  public private(set) var dynamicLossScale: DynamicLossScale?
  /// The number of steps between changes of the weights, which use the mean of the gradients since the last change.
  public private(set) var gradientAccumulationSteps: Int?

  package enum Rule: Sendable {
    case builtIn(any OptimizerRule)
    case custom(CustomOptimizer<Scalar>)
  }

  package init(_ rule: Rule, learningRate: Schedule, weightDecay: Double? = nil) {
    self.rule = rule
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  /// Stops the program if a number of the rule is invalid.
  init<BuiltIn: OptimizerRule>(_ rule: BuiltIn, learningRate: Schedule) {
    rule.requireAllowed(BuiltIn.name, largestNumber: Scalar.largestNumber)
    self.init(.builtIn(rule), learningRate: learningRate, weightDecay: BuiltIn.weightDecay)
  }

  /// Keras's class, or the name of a custom optimizer.
  public var name: String {
    switch rule {
    case .builtIn(let rule): type(of: rule).name
    case .custom(let optimizer): optimizer.name
    }
  }

  /// Returns the same optimizer with other settings; those not given do not change.
  ///
  /// A step does the following, in this order: gradients are divided by the loss scale; accumulated, if that is set;
  /// clipped; the weight decays; the optimizer changes it; its moving average is updated.
  /// - Parameter weightDecay: a number of at least 0.
  /// - Parameter clipping: the limit of gradients; none by default.
  /// - Parameter movingAverage: the moving averages of the weights; none by default.
  /// - Parameter lossScaleFactor: a number above 0.
  /// - Parameter dynamicLossScale: replaces `lossScaleFactor`.
  /// - Parameter gradientAccumulationSteps: an integer of at least 2.
  public func with(
    weightDecay: Double? = nil, clipping: GradientClipping? = nil, movingAverage: MovingAverage? = nil,
    lossScaleFactor: Double? = nil, dynamicLossScale: DynamicLossScale? = nil, gradientAccumulationSteps: Int? = nil
  ) -> Self {
    func require(_ label: String, _ value: Double?, _ range: NumberRange) {
      guard let value, let allowed = range.violation(by: value, largest: .greatestFiniteMagnitude) else { return }
      trap("\(name): \(label) is \(value); allowed: \(allowed)")
    }
    require("weightDecay", weightDecay, .nonnegative)
    require("lossScaleFactor", lossScaleFactor, .positive)
    if let gradientAccumulationSteps, gradientAccumulationSteps < 2 {
      trap("\(name): gradientAccumulationSteps is \(gradientAccumulationSteps); allowed: integers of at least 2")
    }
    var result = self
    result.weightDecay = weightDecay ?? self.weightDecay
    result.lossScaleFactor = lossScaleFactor ?? self.lossScaleFactor
    result.dynamicLossScale = dynamicLossScale ?? self.dynamicLossScale
    if result.dynamicLossScale != nil { result.lossScaleFactor = nil }
    result.gradientAccumulationSteps = gradientAccumulationSteps ?? self.gradientAccumulationSteps
    result.clipping = clipping ?? self.clipping
    result.movingAverage = movingAverage ?? self.movingAverage
    return result
  }
}

/// The limit of gradients. An ``OptimizerState`` stops the program unless it is finite and above 0.
@nonexhaustive
public enum GradientClipping: Hashable, Sendable {
  /// The limit of the norm of each weight's gradient.
  case norm(Double)
  /// The limit of the norm of all gradients together. If the norm is not finite, all gradients become NaN, as in Keras.
  case globalNorm(Double)
  /// The limit of every element's magnitude.
  case value(Double)

  var limit: Double {
    switch self {
    case .norm(let limit), .globalNorm(let limit), .value(let limit): limit
    }
  }
}

/// Moving averages of weights over the steps, with exponentially decaying factors.
public struct MovingAverage: Hashable, Sendable {
  /// The fraction of the average that each step keeps.
  public let momentum: Double
  /// The number of steps after which the averages repeatedly replace the weights; `nil` for only at the end of
  /// training.
  public let overwriteFrequency: Int?

  /// Creates moving averages.
  /// - Precondition: `momentum` is in 0...1, and `overwriteFrequency` is at least 1.
  public init(momentum: Double = 0.99, overwriteFrequency: Int? = nil) {
    require(
      (0...1).contains(momentum), "a moving average's momentum is \(momentum); allowed: \(NumberRange.closedUnit)")
    if let overwriteFrequency {
      require(
        overwriteFrequency >= 1,
        "a moving average's overwriteFrequency is \(overwriteFrequency); allowed: integers of at least 1")
    }
    self.momentum = momentum
    self.overwriteFrequency = overwriteFrequency
  }
}
