public import Tensor

/// Subtracts the second input from the first; they broadcast after the batch axis.
public struct Subtract<Scalar: RealScalar>: ElementwiseMerge {
  /// Creates a layer that subtracts its second input from the first.
  public init() {}

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard inputShapes.count == 2 else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    return try broadcastShape(inputShapes, of: className)
  }

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    try inputs.merged(by: DifferenceOperation())
  }
}
