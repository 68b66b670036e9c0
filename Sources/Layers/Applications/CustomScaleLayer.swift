public import Tensor

/// Adds a multiple of the second input to the first, `x + scale · y`, as at the end of Inception-ResNet's residual
/// branches. The inputs broadcast after the batch axis.
public struct CustomScaleLayer<Scalar: RealScalar>: Merge {
  /// The factor of the second input.
  public let scale: Double

  /// Creates a layer that adds two inputs.
  /// - Precondition: `scale` is finite.
  public init(scale: Double) {
    require(scale.isFinite, "CustomScaleLayer: scale is \(scale); allowed: finite numbers")
    self.scale = scale
  }

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard inputShapes.count == 2 else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    return try broadcastShape(inputShapes, of: className)
  }

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs[0] + inputs[1] * Scalar(scale)
  }
}
