public import Activations
public import Tensor

/// Normalises every sample to mean 0 and standard deviation 1 along axes, then scales and shifts every position there.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///
/// Variances are divided by the number of elements. The layer computes the same in training and in inference. Shapes do
/// not change.
///
/// The activation extends Keras's layer; the result equals that of the layer followed by the activation to the bit.
/// - Complexity: O(*n*); the scores are kept for the pullback.
/// - Reference: Ba, Kiros, Hinton, arXiv:1607.06450.
public struct LayerNormalization<Scalar: RealScalar>: Layer {
  /// The axes, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axes: [Int]
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
  /// - Parameter axis: an axis or a list of axes, without 0, the batch axis.
  /// - Parameter epsilon: the number, at least 0, that is added to the variance to avoid division by 0.
  /// - Parameter center: whether the layer has a beta.
  /// - Parameter scale: whether the layer has a gamma.
  /// - Parameter betaInitializer: the initializer of beta.
  /// - Parameter gammaInitializer: the initializer of gamma.
  /// - Parameter betaRegularizer: the penalty for beta that is added to the loss.
  /// - Parameter gammaRegularizer: the penalty for gamma that is added to the loss.
  /// - Parameter betaConstraint: the constraint that beta satisfies after every step.
  /// - Parameter gammaConstraint: the constraint that gamma satisfies after every step.
  /// - Parameter activation: a value, or Keras's identifier.
  public init(
    axis: some Axes = -1, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: Initializer<Scalar> = .zeros, gammaInitializer: Initializer<Scalar> = .ones,
    betaRegularizer: Regularizer<Scalar>? = nil, gammaRegularizer: Regularizer<Scalar>? = nil,
    betaConstraint: Constraint<Scalar>? = nil, gammaConstraint: Constraint<Scalar>? = nil,
    activation: Activation<Scalar> = .linear
  ) {
    axes = axis.listed(for: "LayerNormalization")
    requireBehindBatch(axes, "LayerNormalization")
    requireEpsilon(epsilon, "LayerNormalization")
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    let gamma = Weight(
      "gamma", initializer: gammaInitializer, regularizer: gammaRegularizer, constraint: gammaConstraint)
    let beta = Weight("beta", initializer: betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint)
    ending = ScaleAndShift(gamma: scale ? gamma : nil, beta: center ? beta : nil, activation: activation)
  }

  /// Creates a layer whose activation is a custom function. It cannot be trained.
  public init(
    axis: some Axes = -1, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(axis: axis, epsilon: epsilon, center: center, scale: scale, activation: Activation(activation))
  }

  /// The factors, in the shape of the axes; `nil` without scaling. Empty until the layer is built, like `beta`.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// The offsets, in the shape of the axes; `nil` without centring.
  public var beta: Tensor<Scalar>? { ending.beta?.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let shape = try axes(axes, of: inputShape).map { inputShape[$0 - 1] }
    try checkWeights([gamma, beta], shape, inputShape)
    return try activation.outputShape(for: inputShape, layer: className)
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try ending.build(axes(axes, of: inputShape).map { inputShape[$0 - 1] }, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try ending.forEachWeight(body)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let axes = resolvedAxes(axes, rank: x.shape.count + 1)
    return try ending.normalized(x, by: StandardScores(axes: axes, epsilon: epsilon))
  }
}
