public import Activations
public import Tensor

/// Gives every sample mean 0 and standard deviation 1 along axes, then scales and shifts every position there.
///
///     y = activation((x - mean) / √(variance + epsilon) · gamma + beta)
///
/// Variances are those of the elements, divided by their number. The same in training and in use. Shapes are kept.
///
/// The activation is an extension of Keras's layer: equal to the layer followed by it, to the bit.
/// - Complexity: O(*n*); the scores are kept for the pullback.
/// - Reference: Ba, Kiros, Hinton, arXiv:1607.06450.
public struct LayerNormalization<Scalar: RealScalar>: Layer {
  /// Counted with the batch axis, which is 0; negative ones from the last.
  public let axes: [Int]
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

  /// Traps for the axis 0 and an epsilon below 0.
  /// - Parameter axis: one, or a list.
  /// - Parameter epsilon: what is added before the root, so that nothing is divided by 0.
  /// - Parameter center: whether there is a beta.
  /// - Parameter scale: whether there is a gamma.
  /// - Parameter betaInitializer: how beta begins.
  /// - Parameter gammaInitializer: how gamma begins.
  /// - Parameter betaRegularizer: what is added to the loss for beta.
  /// - Parameter gammaRegularizer: what is added to the loss for gamma.
  /// - Parameter betaConstraint: what beta is brought back to after every step.
  /// - Parameter gammaConstraint: what gamma is brought back to after every step.
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

  /// With an activation that is a function of one's own, which is not trained through.
  public init(
    axis: some Axes = -1, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(axis: axis, epsilon: epsilon, center: center, scale: scale, activation: Activation(activation))
  }

  /// The lengths of the axes, or none; empty until the layer is built, as `beta`.
  public var gamma: Tensor<Scalar>? { ending.gamma?.value }
  /// The value that is added at the end; none where the layer has no center.
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
