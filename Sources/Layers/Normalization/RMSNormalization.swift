public import Activations
public import Tensor

/// Divides every sample by its root mean square along axes, then scales every position there.
///
///     y = activation(x / √(mean of x² + epsilon) · scale)
///
/// The layer computes the same in training and in inference. Shapes do not change.
///
/// The activation extends Keras's layer; the result equals that of the layer followed by the activation to the bit.
/// - Complexity: O(*n*); the quotients are kept for the pullback.
/// - Reference: Zhang, Sennrich, arXiv:1910.07467.
public struct RMSNormalization<Scalar: RealScalar>: Layer {
  /// The axes, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axes: [Int]
  /// The number that is added to the mean of the squares.
  public let epsilon: Double
  /// The activation; the identity by default.
  public var activation: Activation<Scalar> {
    get { ending.activation }
    set { ending.activation = newValue }
  }
  package var ending: ScaleAndShift<Scalar>

  /// Creates a layer whose weights are not built yet.
  /// - Parameter axis: an axis or a list of axes, without 0, the batch axis.
  /// - Parameter epsilon: the number, at least 0, that is added to the mean of the squares to avoid division by 0.
  /// - Parameter activation: a value, or Keras's identifier.
  public init(axis: some Axes = -1, epsilon: Double = 1e-6, activation: Activation<Scalar> = .linear) {
    axes = axis.listed(for: "RMSNormalization")
    requireBehindBatch(axes, "RMSNormalization")
    requireEpsilon(epsilon, "RMSNormalization")
    self.epsilon = epsilon
    ending = ScaleAndShift(gamma: Weight("scale", initializer: .ones), beta: nil, activation: activation)
  }

  /// Creates a layer whose activation is a custom function. It cannot be trained.
  public init(
    axis: some Axes = -1, epsilon: Double = 1e-6,
    activation: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>
  ) {
    self.init(axis: axis, epsilon: epsilon, activation: Activation(activation))
  }

  /// The factors, in the shape of the axes; empty until the layer is built.
  public var scale: Tensor<Scalar> { ending.gamma!.value }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try checkWeights([scale], try axes(axes, of: inputShape).map { inputShape[$0 - 1] }, inputShape)
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
    return try ending.normalized(x, by: StandardScores(axes: axes, epsilon: epsilon, isCentred: false))
  }
}
