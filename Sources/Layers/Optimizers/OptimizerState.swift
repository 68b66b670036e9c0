internal import CKernels
public import Tensor

/// A running optimizer: which step it is at, and what it keeps for every weight. A value: copies go on independently.
///
/// ```swift
/// var state = OptimizerState(optimizer)
/// state.beginStep()
/// if state.needsGradientNorm {
///   for index in weights.indices { state.addGradientNorm(of: &gradients[index], at: index) }
/// }
/// for index in weights.indices { state.update(&weights[index], gradient: &gradients[index], at: index) }
/// state.endStep()
/// ```
///
/// Weights are known by their positions. What is kept for a weight is made at its first update; from then on an update is one
/// pass over the weight, its gradient and what is kept, in place where nobody else holds them, on all threads where that pays.
/// The result does not depend on their number.
public struct OptimizerState<Scalar: RealScalar>: Sendable {
  /// What it runs.
  public let optimizer: Optimizer<Scalar>
  /// How many steps have ended.
  public package(set) var iteration = 0
  package var weights: [WeightState] = []
  package var constantRate: Double?
  /// What the momenta of all steps have multiplied to, of rules that keep it.
  package var momentumProduct = 1.0
  private var sumOfSquares = 0.0
  private var moment = OptimizerMoment()
  private var step = ck_optimizer_step()
  /// The rule, where a row is only a part of it.
  private let tensorRule: (any TensorOptimizerRule)?
  /// Whether steps do no more than take gradients off the weights.
  private let isPlainDescent: Bool

  package struct WeightState: Sendable {
    /// None before the first step.
    package var shape: [Int]?
    /// None before the first update.
    package var slots: [Tensor<Scalar>]?
    package var average: Tensor<Scalar>?
    /// The gradients since the last change, where they are accumulated.
    package var accumulator: Tensor<Scalar>?
    /// Whether the accumulator has been added to the gradient of this step.
    var isSummed = false

    package init() {}
  }

  /// Nothing has been learnt yet. Traps where clipping has a limit that is none.
  public init(_ optimizer: Optimizer<Scalar>) {
    if let limit = optimizer.clipping?.limit {
      require(
        NumberRange.positive.contains(limit),
        "\(optimizer.name): the limit of clipping is \(limit), allowed are \(NumberRange.positive)")
    }
    self.optimizer = optimizer
    if case .constant(let constant) = optimizer.learningRate.rule { constantRate = constant.rate }
    tensorRule = if case .builtIn(let rule) = optimizer.rule { rule as? any TensorOptimizerRule } else { nil }
    isPlainDescent = optimizer.isPlainDescent
  }

  /// Whether the learning rate can be set: unless a schedule decides on it.
  public var canSetLearningRate: Bool { constantRate != nil }

  /// The learning rate of the next step. Setting it traps where a schedule decides, and for what is no finite number from 0 on.
  public var learningRate: Double {
    get { constantRate ?? optimizer.learningRate(iteration) }
    set {
      require(
        canSetLearningRate,
        "\(optimizer.name): the learning rate follows \(optimizer.learningRate.name) and cannot be set")
      require(
        NumberRange.nonnegative.contains(newValue),
        "\(optimizer.name): the learning rate is \(newValue), allowed are \(NumberRange.nonnegative)")
      constantRate = newValue
    }
  }

  /// Whether gradients are clipped by the norm of all together, which ``addGradientNorm(of:at:)`` then has to be told first.
  public var needsGradientNorm: Bool {
    if case .globalNorm = optimizer.clipping { isUpdateStep } else { false }
  }

  /// Begins a step: before the gradients are told.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func beginStep() {
    sumOfSquares = 0
    guard isUpdateStep, case .builtIn(let rule) = optimizer.rule else { return }
    let number = Double(stepNumber)
    if let momentum = rule.momentum(at: number) { momentumProduct *= momentum }
    moment = OptimizerMoment(learningRate: learningRate, number: number, momentumProduct: momentumProduct)
    step = rule.step(at: moment)
    step.decay = -(optimizer.weightDecay ?? 0) * moment.learningRate
  }

  /// Tells the gradient of one weight, where ``needsGradientNorm``: of every weight before the first update.
  public mutating func addGradientNorm(of gradient: inout Tensor<Scalar>, at index: Int) {
    prepare(index, gradient.shape)
    accumulate(&gradient, index)
    sumOfSquares += gradient.sumOfSquares
  }

  /// Changes a weight by its gradient. Traps where their shapes differ, or differ from those before.
  /// - Parameter index: the position of the weight.
  /// - Parameter value: the weight, changed in place.
  /// - Parameter gradient: may be overwritten.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func update(_ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, at index: Int) {
    require(
      gradient.shape == value.shape,
      "\(optimizer.name): a gradient of the shape \(gradient.shape) for a weight of the shape \(value.shape)")
    prepare(index, value.shape)
    makeSlots(index, value)
    accumulate(&gradient, index)
    if isUpdateStep {
      weights[index].isSummed = false
      change(&value, &gradient, index)
    }
    if let average = optimizer.movingAverage { follow(&value, average, index) }
  }

  /// Ends a step: after the last update.
  public mutating func endStep() { iteration += 1 }

  /// The shape that the weight at a position is to have; none before its first update, or where nothing is kept for weights.
  func shape(at index: Int) -> [Int]? {
    weights.indices.contains(index) && keepsVariables(index) ? weights[index].shape : nil
  }

  /// Whether anything is kept for a weight.
  private func keepsVariables(_ index: Int) -> Bool {
    optimizer.movingAverage != nil || optimizer.gradientAccumulationSteps != nil
      || weights[index].slots?.isEmpty == false
  }

  /// The rate of a step that does no more than take gradients off the weights; none where anything else is done.
  var descentRate: Scalar? { isPlainDescent ? Scalar(learningRate) : nil }

  /// Gives a weight its final value when training is over: its moving average, where that is kept.
  public func finish(_ value: inout Tensor<Scalar>, at index: Int) {
    guard weights.indices.contains(index), let average = weights[index].average else { return }
    value.copyElements(of: average)
  }
}

extension OptimizerState {
  /// Steps that have changed weights.
  private var updates: Int { iteration / (optimizer.gradientAccumulationSteps ?? 1) }

  private var stepNumber: Int { updates + 1 }

  /// Whether this step changes the weights.
  private var isUpdateStep: Bool {
    guard let steps = optimizer.gradientAccumulationSteps else { return true }
    return (iteration + 1) % steps == 0
  }

  private mutating func prepare(_ index: Int, _ shape: [Int]) {
    require(index >= 0, "\(optimizer.name): a weight at the position \(index), allowed are positions from 0 on")
    while weights.count <= index { weights.append(WeightState()) }
    if let known = weights[index].shape {
      require(
        known == shape || !keepsVariables(index),
        "\(optimizer.name): weight \(index) has the shape \(shape) and had \(known) before")
      if known == shape { return }
    }
    weights[index].shape = shape
    weights[index].slots = nil
    if optimizer.movingAverage != nil { weights[index].average = .zeros(shape) }
  }

  private mutating func makeSlots(_ index: Int, _ value: Tensor<Scalar>) {
    if weights[index].slots != nil { return }
    switch optimizer.rule {
    case .builtIn(let rule):
      weights[index].slots = rule.slots(for: value.shape).map { slot in
        switch slot.beginning {
        case .number(let number): .filled(slot.shape, with: Scalar(number))
        case .weight: value.copied()
        }
      }
    case .custom(let custom):
      weights[index].slots = custom.slots.map { _ in .zeros(value.shape) }
    }
  }

  /// Adds up gradients; the gradient is their sum where this step changes the weights.
  private mutating func accumulate(_ gradient: inout Tensor<Scalar>, _ index: Int) {
    guard optimizer.gradientAccumulationSteps != nil, !weights[index].isSummed else { return }
    guard var sum = weights[index].accumulator else {
      if !isUpdateStep { weights[index].accumulator = gradient.copied() }
      return
    }
    weights[index].accumulator = nil
    sum += gradient
    if isUpdateStep {
      swap(&sum, &gradient)
      weights[index].isSummed = true
    } else {
      weights[index].accumulator = sum
    }
  }

  private mutating func change(_ value: inout Tensor<Scalar>, _ gradient: inout Tensor<Scalar>, _ index: Int) {
    var step = step
    (step.scale, step.limit) = limits(of: gradient)
    switch optimizer.rule {
    case .builtIn:
      guard let tensorRule else {
        Tensor.optimize(step, &value, gradient: gradient, slots: &weights[index].slots!)
        return
      }
      tensorRule.update(&value, gradient: &gradient, slots: &weights[index].slots!, step, at: moment)
    case .custom(let custom):
      let moment = OptimizerStep(learningRate: learningRate, number: stepNumber)
      gradient.limit(by: step)
      if let decay = optimizer.weightDecay { value.scale(by: Scalar(1 - decay * moment.learningRate)) }
      let shape = value.shape
      custom.update(&value, gradient, &weights[index].slots!, moment)
      require(
        value.shape == shape && weights[index].slots!.map(\.shape) == custom.slots.map { _ in shape },
        "\(custom.name): an update keeps the shape \(shape) of a weight and its \(custom.slots.count) slots")
    }
  }

  /// What a gradient is to be multiplied by, and the largest magnitude then.
  private func limits(of gradient: Tensor<Scalar>) -> (scale: Double, limit: Double) {
    let scale = 1 / ((optimizer.lossScaleFactor ?? 1) * Double(optimizer.gradientAccumulationSteps ?? 1))
    switch optimizer.clipping {
    case nil:
      return (scale, .infinity)
    case .value(let limit):
      return (scale, limit)
    case .norm(let limit):
      let norm = gradient.sumOfSquares.squareRoot() * scale
      return (norm > limit ? scale * (limit / norm) : scale, .infinity)
    case .globalNorm(let limit):
      let norm = sumOfSquares.squareRoot() * scale
      guard norm.isFinite else { return (.nan, .infinity) }
      return (norm > limit ? scale * (limit / norm) : scale, .infinity)
    }
  }

  private mutating func follow(_ value: inout Tensor<Scalar>, _ settings: MovingAverage, _ index: Int) {
    let momentum = updates == 0 ? 0 : settings.momentum
    Tensor.optimize(
      ck_average_step(.init(kept: momentum, taken: 1 - momentum)), &weights[index].average!, gradient: value)
    if let frequency = settings.overwriteFrequency, (updates + 1) % frequency == 0 {
      value.copyElements(of: weights[index].average!)
    }
  }
}

extension Optimizer {
  /// Whether it does no more than take gradients off the weights.
  fileprivate var isPlainDescent: Bool {
    guard case .builtIn(let rule) = rule, let descent = rule as? SGD, descent.momentum == 0 else { return false }
    return weightDecay == nil && clipping == nil && movingAverage == nil && lossScaleFactor == nil
      && gradientAccumulationSteps == nil
  }
}
