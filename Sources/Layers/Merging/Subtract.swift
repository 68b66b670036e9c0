public import Tensor

/// The first input minus the second, which broadcast behind the batch axis.
public struct Subtract<Scalar: RealScalar>: ElementwiseMerge {
  /// The first input less the second.
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
