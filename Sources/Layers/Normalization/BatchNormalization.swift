public import Activations
public import Tensor

/// Gives every channel mean `beta` and standard deviation `gamma`: over the batch in training, by moving averages of the
/// batches' means and variances in use.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///     moving = moving · momentum + of the batch · (1 - momentum)
///
/// Variances are those of the elements, divided by their number. Moving averages change with every step of training. Frozen, it computes as in use. Shapes are kept.
/// With a mask, mean and variance are those of the steps that it has true; all steps are normalised by them.
///
/// The activation is an extension of Keras's layer: equal to the layer followed by it, to the bit.
/// - Complexity: O(*n*); in training, (x - mean) / √(variance + epsilon) is kept for the pullback.
/// - Reference: Ioffe, Szegedy, arXiv:1502.03167.
public struct BatchNormalization<Scalar: RealScalar>: Layer {
  /// The axis of channels, counted with the batch axis, which is 0; negative ones from the last.
  public let axis: Int
  /// How much of the moving statistics stays with each batch.
  public let momentum: Double
  /// What is added to the variance.
  public let epsilon: Double
  /// Whether there is a `beta`.
  public let center: Bool
  /// Whether there is a `gamma`.
  public let scale: Bool
  /// What ends the layer; the identity by default.
  public var activation: Activation<Scalar> {
    get { ending.activation }
    set { ending.activation = newValue }
  }
  package var ending: ScaleAndShift<Scalar>
  package var movingMeanWeight: Weight<Scalar>
  package var movingVarianceWeight: Weight<Scalar>

  /// Traps for the axis 0, a momentum outside 0...1 and an epsilon below 0.
  /// - Parameter axis: counted from the front, or negative from the last.
  /// - Parameter momentum: how much of the moving statistics stays with each batch.
  /// - Parameter epsilon: what is added before the root, so that nothing is divided by 0.
  /// - Parameter center: whether there is a beta.
  /// - Parameter scale: whether there is a gamma.
  /// - Parameter betaInitializer: how beta begins.
  /// - Parameter gammaInitializer: how gamma begins.
  /// - Parameter movingMeanInitializer: how the moving mean begins.
  /// - Parameter movingVarianceInitializer: how the moving variance begins.
  /// - Parameter betaRegularizer: what is added to the loss for beta.
  /// - Parameter gammaRegularizer: what is added to the loss for gamma.
  /// - Parameter betaConstraint: what beta is brought back to after every step.
  /// - Parameter gammaConstraint: what gamma is brought back to after every step.
  /// - Parameter activation: a value, or Keras's identifier.
  public init(
    axis: Int = -1, momentum: Double = 0.99, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: Initializer<Scalar> = .zeros, gammaInitializer: Initializer<Scalar> = .ones,
    movingMeanInitializer: Initializer<Scalar> = .zeros, movingVarianceInitializer: Initializer<Scalar> = .ones,
    betaRegularizer: Regularizer<Scalar>? = nil, gammaRegularizer: Regularizer<Scalar>? = nil,
    betaConstraint: Constraint<Scalar>? = nil, gammaConstraint: Constraint<Scalar>? = nil,
    activation: Activation<Scalar> = .linear
  ) {
    requireBehindBatch([axis], "BatchNormalization")
    require((0...1).contains(momentum), "BatchNormalization: momentum is \(momentum), allowed are 0...1")
    requireEpsilon(epsilon, "BatchNormalization")
    self.axis = axis
    self.momentum = momentum
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    let gamma = Weight(
      "gamma", initializer: gammaInitializer, regularizer: gammaRegularizer, constraint: gammaConstraint)
    let beta = Weight("beta", initializer: betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint)
    ending = ScaleAndShift(gamma: scale ? gamma : nil, beta: center ? beta : nil, activation: activation)
    movingMeanWeight = Weight("moving_mean", initializer: movingMeanInitializer, isTrainable: false)
    movingVarianceWeight = Weight("moving_variance", initializer: movingVarianceInitializer, isTrainable: false)
  }

  /// With an activation that is a function of one's own, which is not trained through.
  public init(
    axis: Int = -1, momentum: Double = 0.99, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(
      axis: axis, momentum: momentum, epsilon: epsilon, center: center, scale: scale,
      activation: Activation(activation))
  }

  /// [channels], or none; empty until the layer is built, as the others.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// The value that is added at the end, [features]; none where the layer has no center.
  public var beta: Tensor<Scalar>? { ending.beta?.value }
  /// What is taken off in use, [features].
  public var movingMean: Tensor<Scalar> { movingMeanWeight.value }
  /// Whose root is divided by in use, [features].
  public var movingVariance: Tensor<Scalar> { movingVarianceWeight.value }

  public var isBuilt: Bool { movingMeanWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let axis = try axes([axis], of: inputShape)[0]
    if isBuilt && movingMean.count != inputShape[axis - 1] {
      throw unexpectedShape("one of \(movingMean.count) channels along the axis \(self.axis)", inputShape)
    }
    return try activation.outputShape(for: inputShape, layer: className)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    let channels = [inputShape[try axes([axis], of: inputShape)[0] - 1]]
    try ending.build(channels, using: &generator)
    try movingMeanWeight.build(channels, using: &generator)
    try movingVarianceWeight.build(channels, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try ending.forEachWeight(body)
    try body(&movingMeanWeight)
    try body(&movingVarianceWeight)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let rank = x.shape.count + 1
    let place = axis < 0 ? axis + rank : axis
    let scores = StandardScores<Scalar>(axes: (0..<rank).filter { $0 != place }, epsilon: epsilon)
    let statistics: [any TracedOperand<Scalar>] = [movingMeanWeight, movingVarianceWeight]
    let normalized: Traced<Scalar>
    if !(x.isTraining && x.isTrainable) {
      let operation = MovingScoresOperation(axis: place, scores: scores, scaling: ending.scaling)
      normalized = try x.results(of: operation, statistics + ending.operands)[0]
    } else if let mask = x.mask {
      let operation = MaskedBatchScoresOperation(
        axis: place, scores: scores, scaling: ending.scaling, momentum: momentum)
      normalized = try x.results(of: operation, statistics + ending.operands + [mask])[0]
    } else {
      let operation = BatchScoresOperation(
        axis: place, scores: scores, scaling: ending.scaling, momentum: momentum)
      normalized = try x.results(of: operation, statistics + ending.operands)[0]
    }
    return try normalized.activated(by: activation)
  }
}
