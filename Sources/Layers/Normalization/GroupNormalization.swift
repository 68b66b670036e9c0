public import Activations
public import Tensor

/// Gives every sample mean 0 and standard deviation 1 within groups of channels, over all positions, then scales and shifts every
/// channel.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///
/// One group is layer normalisation over all axes, as many groups as channels (-1) are instance normalisation. The same in training and
/// in inference. Shapes are kept.
///
/// The activation is an extension of Keras's layer: equal to the layer followed by it, to the bit.
/// - Complexity: O(*n*); the scores are kept for the pullback.
/// - Reference: Wu, He, arXiv:1803.08494.
public struct GroupNormalization<Scalar: RealScalar>: Layer {
  /// How many groups of neighbouring channels there are; -1: as many as channels.
  public let groups: Int
  /// The axis of channels, counted with the batch axis, which is 0; negative ones from the last.
  public let axis: Int
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

  /// Traps for groups that are neither -1 nor at least 1, the axis 0 and an epsilon below 0.
  /// - Parameters:
  ///   - groups: how many there are; they divide the channels. -1: as many as channels.
  ///   - axis: that of channels, counted from the front, or negative from the last.
  ///   - epsilon: what is added before the root, so that nothing is divided by 0.
  ///   - center: whether there is a beta.
  ///   - scale: whether there is a gamma.
  ///   - betaInitializer: how beta begins.
  ///   - gammaInitializer: how gamma begins.
  ///   - betaRegularizer: what is added to the loss for beta.
  ///   - gammaRegularizer: what is added to the loss for gamma.
  ///   - betaConstraint: what beta is brought back to after every step.
  ///   - gammaConstraint: what gamma is brought back to after every step.
  ///   - activation: a value, or Keras's identifier.
  public init(
    groups: Int = 32, axis: Int = -1, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: Initializer<Scalar> = .zeros, gammaInitializer: Initializer<Scalar> = .ones,
    betaRegularizer: Regularizer<Scalar>? = nil, gammaRegularizer: Regularizer<Scalar>? = nil,
    betaConstraint: Constraint<Scalar>? = nil, gammaConstraint: Constraint<Scalar>? = nil,
    activation: Activation<Scalar> = .linear
  ) {
    require(
      groups >= 1 || groups == -1, "GroupNormalization: groups are \(groups), allowed are -1 and integers from 1 on")
    requireBehindBatch([axis], "GroupNormalization")
    requireEpsilon(epsilon, "GroupNormalization")
    self.groups = groups
    self.axis = axis
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    let gamma = Weight(
      "gamma", initializer: gammaInitializer, regularizer: gammaRegularizer, constraint: gammaConstraint)
    let beta = Weight("beta", initializer: betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint)
    ending = ScaleAndShift(gamma: scale ? gamma : nil, beta: center ? beta : nil, activation: activation)
  }

  /// [channels], or none; empty until the layer is built, as `beta`.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// [channels], or none.
  public var beta: Tensor<Scalar>? { ending.beta?.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let channels = inputShape[try axes([axis], of: inputShape)[0] - 1]
    if groups > 0 && channels % groups != 0 {
      throw unexpectedShape("one of channels along the axis \(axis) that \(groups) divides", inputShape)
    }
    try checkWeights([gamma, beta], [channels], inputShape)
    return try activation.outputShape(for: inputShape, layer: className)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try ending.build([inputShape[axes([axis], of: inputShape)[0] - 1]], using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try ending.forEachWeight(body)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let place = try axes([axis], of: x.shape)[0] - 1
    let channels = x.shape[place]
    let groups = groups == -1 ? channels : groups
    let others = x.shape.indices.filter { $0 != place }
    let ordered = try x.permuted(others + [place])
    let positions = others.reduce(1) { $0 * x.shape[$1] }
    let scores = StandardScores<Scalar>(axes: [1, 3], epsilon: epsilon)
    var result = try ordered.reshaped([positions, groups, channels / max(groups, 1)])
      .applying(SampleScoresOperation(scores: scores, scaling: Scaling(hasGamma: false, hasBeta: false)))
      .reshaped(ordered.shape)
    if let gamma = ending.gamma { result = try result * gamma }
    if let beta = ending.beta { result = try result + beta }
    let inverse = x.shape.indices.map { (others + [place]).firstIndex(of: $0)! }
    return try result.permuted(inverse).activated(by: activation)
  }
}
