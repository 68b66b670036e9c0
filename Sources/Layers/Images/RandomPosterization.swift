public import Tensor

/// Leaves fewer tones to images in training: of the eight bits of a value, only the highest ones. It has no gradient.
public struct RandomPosterization<Scalar: RealScalar>: RandomColors {
  /// The numbers of bits that are left: without the last one, unless it is the only one.
  public let factor: ClosedRange<Int>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the numbers of bits that are left, in 1...8. As in Keras, the last of several is never drawn.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: ClosedRange<Int>, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    require(
      1 <= factor.lowerBound && factor.upperBound <= 8,
      "RandomPosterization: factor is \(factor); allowed: integers from 1 to 8")
    self.factor = factor
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    let bits = factor.lowerBound..<max(factor.upperBound, factor.lowerBound + 1)
    return try changed(
      images, by: images.drawn([1, 1, 1]) { [Double(1 << (8 - Int.random(in: bits, using: &$0)))] })
  }

  /// - Parameter step: the distance of an image's tones in 255ths of the range of values, a power of 2.
  func changed(_ images: Traced<Scalar>, by step: Traced<Scalar>) throws -> Traced<Scalar> {
    try inBytes(images) { try $0.applying(PosterizationOperation(), step) }
  }
}

extension RandomColors {
  /// Applies a function to images whose range of values is 0...255.
  func inBytes(
    _ images: Traced<Scalar>, _ change: (Traced<Scalar>) throws -> Traced<Scalar>
  ) throws -> Traced<Scalar> {
    if valueRange == 0...255 { return try change(images) }
    let (lower, unit) = (Scalar(valueRange.lowerBound), Scalar((valueRange.upperBound - valueRange.lowerBound) / 255))
    return try change((images - lower) * (1 / unit)) * unit + lower
  }
}

/// The whole multiples of a step below each value, which is limited to bytes. Operands: images, and a step for each.
private struct PosterizationOperation<Scalar: RealScalar>: TensorOperation {
  func forward(_ context: Context<Scalar>) throws -> [Int] {
    let (x, step) = (context.operand(0), context.operand(1))
    let bytes = Tensor.minimum(.maximum(x, 0), 255).floor()
    context.give((bytes / step).floor() * step)
    return x.shape
  }

  func pullback(_ shape: consuming [Int], _ context: Context<Scalar>) throws {
    _ = context.upstream()
    context.give(.zeros(shape), of: 0)
  }
}
