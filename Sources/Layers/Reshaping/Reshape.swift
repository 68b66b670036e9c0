public import Activations
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
  ///   for other negative lengths and for more than one -1.
  public init(_ targetShape: [Int]) {
    require(
      targetShape.allSatisfy { $0 >= -1 } && targetShape.count { $0 == -1 } <= 1,
      "Reshape: the target shape is \(targetShape), allowed are lengths from 0 on and one -1")
    self.targetShape = targetShape
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let count = inputShape.reduce(1, *)
    let known = targetShape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
    if let free = targetShape.firstIndex(of: -1) {
      if known > 0, count.isMultiple(of: known) {
        var shape = targetShape
        shape[free] = count / known
        return shape
      }
      throw unexpectedShape("one of a multiple of \(known) elements per sample, for \(targetShape)", inputShape)
    }
    if known != count { throw unexpectedShape("one of \(known) elements per sample, for \(targetShape)", inputShape) }
    return targetShape
  }

  public func forward(_ x: consuming Tensor<Scalar>, _ pass: Pass<Scalar>) throws -> Tensor<Scalar> {
    let shape = x.shape
    return x.reshaped([shape[0]] + (try outputShape(for: Array(shape.dropFirst()))))
  }

  public func pullback(
    _ upstream: consuming Tensor<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, _ pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    upstream.reshaped(input.shape)
  }
}

extension Reshape: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["target_shape": Configuration(targetShape)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let shape = try reader.optionalIntegers("target_shape") else {
      throw ConfigurationError.missingParameter(
        owner: reader.owner, parameter: "target_shape", allowed: "lists of lengths")
    }
    guard shape.allSatisfy({ $0 >= -1 }), shape.count(where: { $0 == -1 }) <= 1, elementCount(shape) != nil else {
      throw reader.outOfRange(
        "target_shape", "\(shape)", "lengths from 0 on, of a product that can be counted, and one -1")
    }
    self.init(shape)
  }
}
