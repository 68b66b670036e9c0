public import Activations
public import Tensor

/// Normalises every sample to mean 0 and standard deviation 1 within groups of channels, over all positions, then
/// scales and shifts every channel.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///
/// One group is layer normalisation over all axes; as many groups as channels (-1) is instance normalisation. The layer
/// computes the same in training and in inference. Shapes do not change.
///
/// The activation extends Keras's layer; the result equals that of the layer followed by the activation to the bit.
/// - Complexity: O(*n*); the scores are kept for the pullback.
/// - Reference: Wu, He, arXiv:1803.08494.
public struct GroupNormalization<Scalar: RealScalar>: Layer {
  /// The number of groups of adjacent channels; -1 means as many as channels.
  public let groups: Int
  /// The axis of channels, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axis: Int
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

  /// Creates a layer whose weights are not built yet.
  /// - Parameters:
  ///   - groups: the number of groups, at least 1, which divides the number of channels; -1 means as many as channels.
  ///   - axis: the axis of channels, not 0, the batch axis; negative numbers count from the last axis.
  ///   - epsilon: the number, at least 0, that is added to the variance to avoid division by 0.
  ///   - center: whether the layer has a beta.
  ///   - scale: whether the layer has a gamma.
  ///   - betaInitializer: the initializer of beta.
  ///   - gammaInitializer: the initializer of gamma.
  ///   - betaRegularizer: the penalty for beta that is added to the loss.
  ///   - gammaRegularizer: the penalty for gamma that is added to the loss.
  ///   - betaConstraint: the constraint that beta satisfies after every step.
  ///   - gammaConstraint: the constraint that gamma satisfies after every step.
  ///   - activation: a value, or Keras's identifier.
  public init(
    groups: Int = 32, axis: Int = -1, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: Initializer<Scalar> = .zeros, gammaInitializer: Initializer<Scalar> = .ones,
    betaRegularizer: Regularizer<Scalar>? = nil, gammaRegularizer: Regularizer<Scalar>? = nil,
    betaConstraint: Constraint<Scalar>? = nil, gammaConstraint: Constraint<Scalar>? = nil,
    activation: Activation<Scalar> = .linear
  ) {
    require(
      groups >= 1 || groups == -1, "GroupNormalization: groups are \(groups); allowed: -1 and integers of at least 1")
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

  /// The factor of each channel, [channels]; `nil` without scaling. Empty until the layer is built, like `beta`.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// The offset of each channel, [channels]; `nil` without centring.
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
