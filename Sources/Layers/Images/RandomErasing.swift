public import Tensor

/// Erases a rectangle of some images in training: replaces its values by noise or by given ones.
/// - Reference: Zhong, Zheng, Kang, Li, Yang, arXiv:1708.04896.
public struct RandomErasing<Scalar: RealScalar>: RandomColors {
  /// The probability of an image to lose a rectangle, which is drawn too.
  public let factor: ClosedRange<Double>
  /// The squares of the parts of height and width that the rectangle has.
  public let scale: ClosedRange<Double>
  /// The value of every channel in the rectangle, or a single value for all; `nil` for noise.
  public let fillValue: [Double]?
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the probability of an image to lose a rectangle is drawn from this range in 0...1, or up to a number.
  /// - Parameter scale: the squares of the parts of height and width that the rectangle has, in 0...1: a range, or the largest number.
  /// - Parameter fillValue: one value for all channels in the rectangle, or three for those of colour images; `nil` for normally
  ///   distributed noise, whose standard deviation is the brightest value. Both are limited to the range of values.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange = 1.0, scale: some FactorRange = 0.02...0.33, fillValue: [Double]? = nil,
    valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    if let fillValue {
      require(
        [1, 3].contains(fillValue.count) && fillValue.allSatisfy(\.isFinite),
        "RandomErasing: fillValue is \(fillValue); allowed: one or three finite numbers")
    }
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    self.scale = scale.resolved(.closedUnit, from: 0, "scale", of: Self.className)
    self.fillValue = fillValue
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    _ = try spatialLengths(inputShape)
    if fillValue?.count == 3 && dataFormat.channels(inputShape) != 3 {
      throw unexpectedShape("one with 3 channels", inputShape)
    }
    return inputShape
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    let size = images.shape.prefix(2).map { Double($0) }
    let rectangles = try images.drawn([4]) { [factor, scale] generator in
      let isErased = generator.isTrue(withProbability: factor)
      return size.flatMap { length in
        let part = Double.random(in: scale, using: &generator).squareRoot() * length
        let first = Double.random(in: 0...1, using: &generator) * (length - part)
        return isErased ? [first, first + part] : [0, 0]
      }
    }
    return try changed(images, without: rectangles)
  }

  /// - Parameter rectangles: the beginning and the end of rows and of columns for each image.
  func changed(_ images: Traced<Scalar>, without rectangles: some TracedOperand<Scalar>) throws -> Traced<Scalar> {
    try images.applying(ErasingOperation(values: fillValue, valueRange: valueRange), rectangles)
  }
}

/// Operands: images [rows, columns, channels], and the rows and columns that are erased, which have no gradient.
private struct ErasingOperation<Scalar: RealScalar>: TensorOperation {
  let values: [Double]?
  let valueRange: ClosedRange<Double>

  var isRandom: Bool { true }

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let x = context.operand(0)
    let (images, ends) = (x.shape[0], context.operand(1).reshaped([x.shape[0], 4, 1, 1, 1]))
    func isInside(_ axis: Int) -> Tensor<Bool> {
      var shape = [1, 1, 1, 1]
      shape[axis] = x.shape[axis]
      let places = Tensor<Scalar>.arange(Scalar(x.shape[axis])).reshaped(shape)
      return (places .>= ends[0..<images, 2 * axis - 2]) .& (places .< ends[0..<images, 2 * axis - 1])
    }
    let isErased = (isInside(1) .& isInside(2)).broadcast(to: x.shape)
    var result = context.tensor(x.shape)
    result.assign(where: isErased, fill(x.shape, context), x)
    context.give(result)
    return isErased
  }

  func pullback(_ isErased: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var result = context.tensor(upstream.shape)
    result.assign(where: isErased, 0, upstream)
    context.recycle(upstream)
    context.give(result, of: 0)
  }

  private func fill(_ shape: [Int], _ context: Context<Scalar>) -> Tensor<Scalar> {
    let (lower, upper) = (Scalar(valueRange.lowerBound), Scalar(valueRange.upperBound))
    let values =
      values.map { Tensor($0.map { Scalar($0) }) }
      ?? .normal(shape, standardDeviation: abs(upper), using: &context.generator)
    return .minimum(.maximum(values, lower), upper)
  }
}
