public import Tensor

/// Reshapes samples in row-major order. The result is a view if the strides permit it.
///
/// ```swift
/// let image = Reshape<Float>([28, 28])
/// let pairs = Reshape<Float>([-1, 2])     // [batch, 6] becomes [batch, 3, 2]
/// ```
public struct Reshape<Scalar: RealScalar>: Layer {
  /// The shape of one sample.
  public let targetShape: [Int]

  /// Creates a layer that reshapes samples.
  /// - Parameter targetShape: the shape of one sample, without the batch axis. One length may be -1 and is computed
  ///   from the others; no other length may be negative, and the number of elements must be countable.
  public init(_ targetShape: [Int]) {
    require(
      Self.isTargetShape(targetShape), "Reshape: the target shape is \(targetShape); allowed: \(Self.targetShapes)")
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

  /// A description of the permitted shapes.
  package static var targetShapes: String { "lengths of at least 0, of a product that can be counted, and one -1" }
}
