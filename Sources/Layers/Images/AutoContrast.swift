public import Tensor

/// Stretches the values of each image and channel to the whole range of values, in training and in use. A channel of one value stays
/// as it is. Images are [batch, rows, columns, channels]; shapes do not change.
public struct AutoContrast<Scalar: RealScalar>: SpatialLayer {
  /// The darkest and the brightest value of the results.
  public let valueRange: ClosedRange<Double>
  public var dataFormat: DataFormat { .channelsLast }
  public static var spatialRank: Int { 2 }

  /// - Parameter valueRange: the darkest and the brightest value of the results.
  public init(valueRange: ClosedRange<Double> = 0...255) {
    requireValueRange(valueRange, Self.className)
    self.valueRange = valueRange
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    _ = try spatialLengths(inputShape)
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let high = try x.max(axis: [0, 1], keepDimensions: true)
    let low = try -(-x).max(axis: [0, 1], keepDimensions: true)
    return try x.applying(StretchOperation(valueRange: valueRange), low, high)
  }
}

/// Values between the second and the third operand, stretched to a range; others where these two are equal.
private struct StretchOperation<Scalar: RealScalar>: TensorOperation {
  let valueRange: ClosedRange<Double>

  struct Residual {
    let x, low: Tensor<Scalar>
    /// The inverse of the operands' distance, 0 where they are equal.
    let inverse: Tensor<Scalar>
  }

  private var width: Scalar { Scalar(valueRange.upperBound - valueRange.lowerBound) }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (x, low, high) = (context.operand(0), context.operand(1), context.operand(2))
    let range = high - low
    let inverse = Tensor.where(range .> 0, 1 / range, Tensor(0))
    let stretched = Tensor.minimum((x - low) * inverse, 1) * width + Scalar(valueRange.lowerBound)
    context.give(.where(range .> 0, stretched, x))
    return Residual(x: x, low: low, inverse: inverse)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let (x, low, inverse) = (residual.x, residual.low, residual.inverse)
    let upstream = context.upstream()
    let slope = Tensor.where(inverse .> 0, inverse * width, Tensor(1))
    // The ends move values by what is left to the other end; where they are equal, they do not matter.
    let moved = upstream * inverse * width
    let part = (x - low) * inverse
    context.give(upstream * slope, of: 0)
    context.give((moved * (part - 1)).sum(axis: [1, 2], keepDimensions: true), of: 1)
    context.give(-(moved * part).sum(axis: [1, 2], keepDimensions: true), of: 2)
  }
}
