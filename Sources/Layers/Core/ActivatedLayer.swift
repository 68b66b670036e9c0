public import Tensor

/// A layer followed by a layer that is its activation, under one name: Keras's `Dense(64, activation=PReLU())`.
///
/// ```swift
/// let layer = ActivatedLayer(Dense<Float>(64), activation: PReLU<Float>())
/// ```
///
/// Use it for activations that have weights or that behave differently in training. Pass all others to a layer's
/// `activation:`.
public struct ActivatedLayer<Scalar: RealScalar>: Layer {
  /// The layer that is applied first.
  public var layer: any Layer<Scalar>
  /// The layer that is applied to the output of ``layer``.
  public var activation: any Layer<Scalar>

  /// Creates a layer that applies `activation` to the output of `layer`.
  public init(_ layer: any Layer<Scalar>, activation: any Layer<Scalar>) {
    self.layer = layer
    self.activation = activation
  }

  /// The class name of the wrapped layer.
  public var className: String { layer.className }
  public var isBuilt: Bool { layer.isBuilt && activation.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try activation.outputShape(for: layer.outputShape(for: inputShape))
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    var (first, second) = (generator.split(), generator.split())
    if !layer.isBuilt { try layer.build(inputShape: inputShape, using: &first) }
    let shape = try layer.outputShape(for: inputShape)
    if !activation.isBuilt { try activation.build(inputShape: shape, using: &second) }
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try layer.forEachWeight(body)
    try activation.forEachWeight(body)
  }

  /// The activation does not get the mask, as in Keras; the output keeps the layer's.
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let output = try layer(x)
    let activated = try activation(output.with(mask: nil))
    guard let mask = output.mask, activated.shape.starts(with: mask.shape) else { return activated }
    return activated.with(mask: mask)
  }
}
