public import Tensor

/// How gradients change weights: a description, compared, printed, stored and named. What it keeps from step to step is an
/// ``OptimizerState``.
///
/// ```swift
/// let optimizer: Optimizer<Float> = .adam(learningRate: .cosineDecay(initialRate: 0.001, steps: 10_000))
///   .with(weightDecay: 0.004, clipping: .globalNorm(1))
/// ```
///
/// The steps are those of Keras 3, rounded in fewer places: multiplications and additions are fused.
public struct Optimizer<Scalar: RealScalar>: Hashable, Sendable {
  package let rule: Rule
  /// The learning rate as a function of the step.
  public let learningRate: Schedule
  /// What is taken off every weight at each step, before its gradient: `learningRate · weightDecay · weight`. None in the
  /// beginning, but for adamW.
  public private(set) var weightDecay: Double?
  /// What gradients are limited to.
  public private(set) var clipping: GradientClipping?
  /// Whether averages of the weights are kept, which take their places when training is over.
  public private(set) var movingAverage: MovingAverage?
  /// What the loss is to be multiplied by before gradients are taken; a step divides by it.
  public private(set) var lossScaleFactor: Double?
  /// How that factor is found while training goes on; none: it is fixed, or there is none.
  public private(set) var dynamicLossScale: DynamicLossScale?
  /// Weights change at every so many steps, by the mean of the gradients since.
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

  /// Traps for a rule with numbers that are not allowed.
  init<BuiltIn: OptimizerRule>(_ rule: BuiltIn, learningRate: Schedule) {
    rule.requireAllowed(BuiltIn.name, largestNumber: Scalar.largestNumber)
    self.init(.builtIn(rule), learningRate: learningRate, weightDecay: BuiltIn.weightDecay)
  }

  /// Keras's class, or the name of an optimizer of one's own.
  public var name: String {
    switch rule {
    case .builtIn(let rule): type(of: rule).name
    case .custom(let optimizer): optimizer.name
    }
  }

  /// The same with other settings; those not given stay as they are.
  ///
  /// A step, in this order: gradients are divided by the loss scale; accumulated, where that is set; clipped; the weight
  /// decays; the optimizer changes it; its moving average follows.
  /// - Parameter weightDecay: from 0 on.
  /// - Parameter clipping: how gradients are limited; none by default.
  /// - Parameter movingAverage: whether an average of the weights is kept; none by default.
  /// - Parameter lossScaleFactor: above 0.
  /// - Parameter dynamicLossScale: takes the place of `lossScaleFactor`.
  /// - Parameter gradientAccumulationSteps: from 2 on.
  public func with(
    weightDecay: Double? = nil, clipping: GradientClipping? = nil, movingAverage: MovingAverage? = nil,
    lossScaleFactor: Double? = nil, dynamicLossScale: DynamicLossScale? = nil, gradientAccumulationSteps: Int? = nil
  ) -> Self {
    func require(_ label: String, _ value: Double?, _ range: NumberRange) {
      guard let value, let allowed = range.violation(by: value, largest: .greatestFiniteMagnitude) else { return }
      trap("\(name): \(label) is \(value), allowed are \(allowed)")
    }
    require("weightDecay", weightDecay, .nonnegative)
    require("lossScaleFactor", lossScaleFactor, .positive)
    if let gradientAccumulationSteps, gradientAccumulationSteps < 2 {
      trap("\(name): gradientAccumulationSteps is \(gradientAccumulationSteps), allowed are integers from 2 on")
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

/// What gradients are limited to. Limits are finite numbers above 0, else making a state traps.
@nonexhaustive
public enum GradientClipping: Hashable, Sendable {
  /// The norm of each weight's gradient.
  case norm(Double)
  /// The norm of all gradients together. Where it is not finite, all gradients become NaN, as in Keras.
  case globalNorm(Double)
  /// The magnitude of every element.
  case value(Double)

  var limit: Double {
    switch self {
    case .norm(let limit), .globalNorm(let limit), .value(let limit): limit
    }
  }
}

/// Averages of weights over the steps, those long ago counting less.
public struct MovingAverage: Hashable, Sendable {
  /// What remains of the average at each step.
  public let momentum: Double
  /// After how many steps the averages take the weights' places, again and again; none: only when training is over.
  public let overwriteFrequency: Int?

  /// Traps unless the momentum lies in 0...1 and the frequency is 1 or more.
  public init(momentum: Double = 0.99, overwriteFrequency: Int? = nil) {
    require(
      (0...1).contains(momentum), "a moving average's momentum is \(momentum), allowed are \(NumberRange.closedUnit)")
    if let overwriteFrequency {
      require(
        overwriteFrequency >= 1,
        "a moving average's overwriteFrequency is \(overwriteFrequency), allowed are integers from 1 on")
    }
    self.momentum = momentum
    self.overwriteFrequency = overwriteFrequency
  }
}
