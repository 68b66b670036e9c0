public import Activations
public import Tensor

/// A layer and another one that is its activation, under one name: what Keras calls `Dense(64, activation=PReLU())`.
///
/// ```swift
/// let layer = ActivatedLayer(Dense<Float>(64), activation: PReLU<Float>())
/// ```
///
/// For activations with weights, and those that compute otherwise in training. All others are values that layers take as
/// `activation:`.
public struct ActivatedLayer<Scalar: RealScalar>: Layer {
  /// The two as a model of their own, which computes and trains them.
  private var both: Sequential<Scalar>

  /// A layer, and the one that takes what it gives.
  public init(_ layer: any Layer<Scalar>, activation: any Layer<Scalar>) {
    both = Sequential([layer, activation])
  }

  /// What computes first.
  public var layer: any Layer<Scalar> {
    get { both.stages[0].layer }
    set { both.stages[0].layer = newValue }
  }
  /// What its output goes through.
  public var activation: any Layer<Scalar> {
    get { both.stages[1].layer }
    set { both.stages[1].layer = newValue }
  }

  /// Keras's name of the layer that is activated.
  public var className: String { layer.className }
  public var isBuilt: Bool { both.isBuilt }
  public var lastActivation: Activation<Scalar>? { both.lastActivation }
  public var hasPullback: Bool { layer.hasPullback && activation.hasPullback }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try both.outputShape(for: inputShape) }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try both.build(inputShape: inputShape, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try both.forEachWeight(body)
  }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    try both.forward(x, pass)
  }

  public mutating func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) throws -> Tensor<Scalar> {
    try both.pullback(upstream, input: input, output: output, pass)
  }
}
