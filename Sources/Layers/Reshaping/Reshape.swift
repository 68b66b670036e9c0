public import Tensor

/// Samples in another shape, their elements in row-major order. A view where the strides allow it.
///
/// ```swift
/// let image = Reshape<Float>([28, 28])
/// let pairs = Reshape<Float>([-1, 2])     // [batch, 6] becomes [batch, 3, 2]
/// ```
public struct Reshape<Scalar: RealScalar>: Layer {
  /// Of one sample.
  public let targetShape: [Int]

  /// - Parameter targetShape: of one sample, without the batch axis; one length may be -1 and follows from the others. Traps
  ///   for other negative lengths, for more than one -1, and for more elements than can be counted.
  public init(_ targetShape: [Int]) {
    require(
      Self.isTargetShape(targetShape), "Reshape: the target shape is \(targetShape), allowed are \(Self.targetShapes)")
    self.targetShape = targetShape
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    if let shape = Layout.resolved(shape: targetShape, count: try count(ofSample: inputShape)) { return shape }
    let known = Layout.resolvedCount(targetShape.filter { $0 != -1 })!
    let expected = targetShape.contains(-1) ? "a multiple of \(known)" : "\(known)"
    throw unexpectedShape("one of \(expected) elements per sample, for \(targetShape)", inputShape)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try x.reshaped(outputShape(for: x.shape)) }
}

extension Reshape {
  /// Whether a shape may be that of samples.
  package static func isTargetShape(_ shape: [Int]) -> Bool {
    shape.allSatisfy { $0 >= -1 } && shape.count { $0 == -1 } <= 1
      && Layout.resolvedCount(shape.filter { $0 != -1 }) != nil
  }

  /// Which shapes may be.
  package static var targetShapes: String { "lengths from 0 on, of a product that can be counted, and one -1" }
}
