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
  /// What computes first.
  public var layer: any Layer<Scalar>
  /// What its output goes through.
  public var activation: any Layer<Scalar>

  /// A layer, and the one that takes what it gives.
  public init(_ layer: any Layer<Scalar>, activation: any Layer<Scalar>) {
    self.layer = layer
    self.activation = activation
  }

  /// Keras's name of the layer that is activated.
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

  /// The activation sees no mask, as in Keras; the layer's stays with what it gives.
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let output = try layer(x)
    let activated = try activation(output.with(mask: nil))
    guard let mask = output.mask, activated.shape.starts(with: mask.shape) else { return activated }
    return activated.with(mask: mask)
  }
}
