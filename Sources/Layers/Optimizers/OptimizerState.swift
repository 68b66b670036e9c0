internal import CKernels
public import Tensor

/// A running optimizer: the number of steps done, and what it keeps for every weight. It is a value: copies continue
/// independently.
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
/// Weights are identified by their positions. What is kept for a weight is created at its first update. Each later
/// update is one pass over the weight, its gradient and what is kept, in place if there are no other references to
/// them, and on all threads if that is faster. The result does not depend on their number.
public struct OptimizerState<Scalar: RealScalar>: Sendable {
  /// The optimizer.
  public let optimizer: Optimizer<Scalar>
  /// The number of completed steps.
  public package(set) var iteration = 0
  package var weights: [WeightState] = []
  package var constantRate: Double?
  /// The product of the momenta of all steps, for rules that keep it.
  package var momentumProduct = 1.0
  /// The current factor of losses, and the number of steps since it changed, if it is determined during training.
  package var dynamicScale: Double?
  package var growthCount = 0
  private var sumOfSquares = 0.0
  /// Whether this step changes nothing because a gradient is not finite.
  private var isSkipped = false
  /// Whether the numbers of this step are known.
  private var isPrepared = false
  private var moment = OptimizerMoment()
  private var step = ck_optimizer_step()
  /// The rule, if a row is only a part of it.
  private let tensorRule: (any TensorOptimizerRule)?
  /// Whether steps only subtract gradients from the weights.
  private let isPlainDescent: Bool

  package struct WeightState: Sendable {
    /// `nil` before the first step.
    package var shape: [Int]?
    /// `nil` before the first update.
    package var slots: [Tensor<Scalar>]?
    package var average: Tensor<Scalar>?
    /// The sum of the gradients since the last change, if they are accumulated.
    package var accumulator: Tensor<Scalar>?
    /// Whether the accumulator has been added to the gradient of this step.
    var isSummed = false

    package init() {}
  }

  /// Creates the state before the first step.
  /// - Precondition: a limit of the optimizer's clipping is finite and above 0.
  public init(_ optimizer: Optimizer<Scalar>) {
    if let limit = optimizer.clipping?.limit {
      require(
        NumberRange.positive.contains(limit),
        "\(optimizer.name): the limit of clipping is \(limit); allowed: \(NumberRange.positive)")
    }
    self.optimizer = optimizer
    if case .constant(let constant) = optimizer.learningRate.rule { constantRate = constant.rate }
    tensorRule = if case .builtIn(let rule) = optimizer.rule { rule.tensorRule } else { nil }
    isPlainDescent = optimizer.isPlainDescent
    dynamicScale = optimizer.dynamicLossScale?.initialScale
  }

  /// Whether the learning rate can be set: false if a schedule determines it.
  public var canSetLearningRate: Bool { constantRate != nil }

  /// The learning rate of the next step.
  /// - Precondition: a new rate is finite and at least 0, and ``canSetLearningRate`` is true.
  public var learningRate: Double {
    get { constantRate ?? optimizer.learningRate(iteration) }
    set {
      require(
        canSetLearningRate,
        "\(optimizer.name): the learning rate follows \(optimizer.learningRate.name) and cannot be set")
      require(
        NumberRange.nonnegative.contains(newValue),
        "\(optimizer.name): the learning rate is \(newValue); allowed: \(NumberRange.nonnegative)")
      constantRate = newValue
    }
  }

  /// The factor by which to multiply the loss of the next step before gradients are computed; `nil` for 1.
  public var lossScale: Double? { dynamicScale ?? optimizer.lossScaleFactor }

  /// Whether the step depends on all gradients together, through their norm or whether they are finite. If so, pass all
  /// of them to ``addGradientNorm(of:at:)`` first.
  public var needsGradientNorm: Bool {
    if dynamicScale != nil { return true }
    return if case .globalNorm = optimizer.clipping { isUpdateStep } else { false }
  }

  /// Begins a step, before any gradient is passed.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func beginStep() {
    sumOfSquares = 0
    isSkipped = false
    isPrepared = false
    // Whether this step takes place is known only when all gradients are.
    if dynamicScale == nil { prepareStep() }
  }

  private mutating func prepareStep() {
    isPrepared = true
    guard isUpdateStep, case .builtIn(let rule) = optimizer.rule else { return }
    let number = Double(stepNumber)
    if let momentum = rule.momentum(at: number) { momentumProduct *= momentum }
    moment = OptimizerMoment(learningRate: learningRate, number: number, momentumProduct: momentumProduct)
    step = rule.step(at: moment)
    step.decay = -(optimizer.weightDecay ?? 0) * moment.learningRate
  }

  /// Adds the gradient of one weight to the norm. If ``needsGradientNorm`` is true, call this for every weight before
  /// the first update.
  public mutating func addGradientNorm(of gradient: inout Tensor<Scalar>, at index: Int) {
    prepare(index, gradient.shape)
    guard let dynamicScale else {
      accumulate(&gradient, index)
      sumOfSquares += gradient.sumOfSquares
      return
    }
    // Only finite gradients are added to others, and only when all are known.
    var square = gradient.sumOfSquares
    if !square.isFinite && !gradient.isFinite.all().scalar { isSkipped = true }
    if let others = weights[index].accumulator, isUpdateStep {
      square = (others + gradient * Scalar(1 / dynamicScale)).sumOfSquares
    } else if optimizer.gradientAccumulationSteps != nil {
      square /= dynamicScale * dynamicScale
    }
    sumOfSquares += square
  }

  /// Changes a weight by its gradient.
  /// - Precondition: the shapes agree, and do not differ from those of earlier steps.
  /// - Parameter value: the weight, changed in place.
  /// - Parameter gradient: the gradient, which may be overwritten.
  /// - Parameter index: the position of the weight.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public mutating func update(_ value: inout Tensor<Scalar>, gradient: inout Tensor<Scalar>, at index: Int) {
    require(
      gradient.shape == value.shape,
      "\(optimizer.name): a gradient of the shape \(gradient.shape) for a weight of the shape \(value.shape)")
    prepare(index, value.shape)
    makeSlots(index, value)
    if isSkipped { return }
    if !isPrepared { prepareStep() }
    if let dynamicScale, optimizer.gradientAccumulationSteps != nil { gradient.scale(by: Scalar(1 / dynamicScale)) }
    accumulate(&gradient, index)
    if isUpdateStep {
      weights[index].isSummed = false
      change(&value, &gradient, index)
    }
    if let average = optimizer.movingAverage { follow(&value, average, index) }
  }

  /// Ends a step, after the last update. A step that a dynamic loss scale has skipped does not count.
  public mutating func endStep() {
    if !isSkipped { iteration += 1 }
    guard let dynamic = optimizer.dynamicLossScale, let scale = dynamicScale else { return }
    growthCount = isSkipped ? 0 : growthCount + 1
    if isSkipped {
      dynamicScale = scale / 2
    } else if growthCount >= dynamic.growthSteps {
      growthCount = 0
      dynamicScale = scale * 2
    }
  }

  /// The expected shape of the weight at a position; `nil` before its first update, or if nothing is kept for weights.
  func shape(at index: Int) -> [Int]? {
    weights.indices.contains(index) && keepsVariables(index) ? weights[index].shape : nil
  }

  /// Whether anything is kept for a weight.
  private func keepsVariables(_ index: Int) -> Bool {
    optimizer.movingAverage != nil || optimizer.gradientAccumulationSteps != nil
      || weights[index].slots?.isEmpty == false
  }

  /// The rate of a step that only subtracts gradients from the weights; `nil` if anything else is done.
  var descentRate: Scalar? { isPlainDescent ? Scalar(learningRate) : nil }

  /// Sets a weight to its final value at the end of training: its moving average, if there is one.
  public func finish(_ value: inout Tensor<Scalar>, at index: Int) {
    guard weights.indices.contains(index), let average = weights[index].average else { return }
    value.copyElements(of: average)
  }
}

extension OptimizerState {
  /// The number of steps that have changed weights.
  private var updates: Int { iteration / (optimizer.gradientAccumulationSteps ?? 1) }

  private var stepNumber: Int { updates + 1 }

  /// Whether this step changes the weights.
  private var isUpdateStep: Bool {
    guard let steps = optimizer.gradientAccumulationSteps else { return true }
    return (iteration + 1) % steps == 0
  }

  private mutating func prepare(_ index: Int, _ shape: [Int]) {
    require(index >= 0, "\(optimizer.name): a weight at the position \(index); allowed: positions of at least 0")
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

  /// Accumulates gradients; in a step that changes the weights, the gradient becomes their sum.
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

  /// The factor of a gradient, and the largest magnitude after it.
  private func limits(of gradient: Tensor<Scalar>) -> (scale: Double, limit: Double) {
    let steps = optimizer.gradientAccumulationSteps
    // Accumulated gradients have each been divided by the scale of its step, if the scale changes.
    let lossScale = dynamicScale != nil && steps != nil ? 1 : lossScale ?? 1
    let scale = 1 / (lossScale * Double(steps ?? 1))
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
  /// Whether the rule only subtracts gradients from the weights.
  fileprivate var isPlainDescent: Bool {
    guard case .builtIn(let rule) = rule, let descent = rule as? SGD, descent.momentum == 0 else { return false }
    return weightDecay == nil && clipping == nil && movingAverage == nil && lossScaleFactor == nil
      && dynamicLossScale == nil && gradientAccumulationSteps == nil
  }
}
