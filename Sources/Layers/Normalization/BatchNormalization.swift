public import Activations
public import Tensor

/// Normalises every channel to mean `beta` and standard deviation `gamma`, with the statistics of the batch in
/// training, and with moving averages of the batches' means and variances in inference.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///     moving = moving · momentum + batch · (1 - momentum)
///
/// Variances are divided by the number of elements. Moving averages change with every training step. A frozen layer
/// computes as in inference. Shapes do not change. With a mask, mean and variance are those of the unmasked steps; all
/// steps are normalised by them.
///
/// The activation extends Keras's layer; the result equals that of the layer followed by the activation to the bit.
/// - Complexity: O(*n*). In training, (x - mean) / √(variance + epsilon) is kept for the pullback.
/// - Reference: Ioffe, Szegedy, arXiv:1502.03167.
public struct BatchNormalization<Scalar: RealScalar>: Layer {
  /// The axis of channels, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axis: Int
  /// The fraction of the moving statistics that each batch keeps.
  public let momentum: Double
  /// The number that is added to the variance.
  public let epsilon: Double
  /// Whether the layer has a `beta`.
  public let center: Bool
  /// Whether the layer has a `gamma`.
  public let scale: Bool
  /// The activation; the identity by default.
  public var activation: Activation<Scalar> {
    get { ending.activation }
    set { ending.activation = newValue }
  }
  package var ending: ScaleAndShift<Scalar>
  package var movingMeanWeight: Weight<Scalar>
  package var movingVarianceWeight: Weight<Scalar>

  /// Creates a layer whose weights are not built yet.
  /// - Parameter axis: the axis of channels, not 0, the batch axis; negative numbers count from the last axis.
  /// - Parameter momentum: the fraction of the moving statistics that each batch keeps, in 0...1.
  /// - Parameter epsilon: the number, at least 0, that is added to the variance to avoid division by 0.
  /// - Parameter center: whether the layer has a beta.
  /// - Parameter scale: whether the layer has a gamma.
  /// - Parameter betaInitializer: the initializer of beta.
  /// - Parameter gammaInitializer: the initializer of gamma.
  /// - Parameter movingMeanInitializer: the initializer of the moving mean.
  /// - Parameter movingVarianceInitializer: the initializer of the moving variance.
  /// - Parameter betaRegularizer: the penalty for beta that is added to the loss.
  /// - Parameter gammaRegularizer: the penalty for gamma that is added to the loss.
  /// - Parameter betaConstraint: the constraint that beta satisfies after every step.
  /// - Parameter gammaConstraint: the constraint that gamma satisfies after every step.
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
    require((0...1).contains(momentum), "BatchNormalization: momentum is \(momentum); allowed: 0...1")
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

  /// Creates a layer whose activation is a custom function. It cannot be trained.
  public init(
    axis: Int = -1, momentum: Double = 0.99, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(
      axis: axis, momentum: momentum, epsilon: epsilon, center: center, scale: scale,
      activation: Activation(activation))
  }

  /// The factor of each channel, [channels]; `nil` without scaling. Empty until the layer is built, like the other
  /// weights.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// The offset of each channel, [channels]; `nil` without centring.
  public var beta: Tensor<Scalar>? { ending.beta?.value }
  /// The mean that is subtracted in inference, [channels].
  public var movingMean: Tensor<Scalar> { movingMeanWeight.value }
  /// The variance by whose root inference divides, [channels].
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
