public import Tensor

/// Inverts the bright values of images in training: adds a number, and subtracts from the brightest value what lies above a threshold.
public struct Solarization<Scalar: RealScalar>: RandomColors {
  /// What is added, in parts of the width of the range of values.
  public let additionFactor: ClosedRange<Double>
  /// The threshold, in parts of the width of the range of values.
  public let thresholdFactor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter additionFactor: what is added in parts of the width of the range of values, in 0...1: a range, or the largest number. As
  ///   in Keras, the lower end counts 255ths.
  /// - Parameter thresholdFactor: the threshold, likewise.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    additionFactor: some FactorRange = 0.0, thresholdFactor: some FactorRange = 0.0,
    valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.additionFactor = additionFactor.resolved(.closedUnit, from: 0, "additionFactor", of: Self.className)
    self.thresholdFactor = thresholdFactor.resolved(.closedUnit, from: 0, "thresholdFactor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(
      images,
      by: images.drawn([1, 1, 2]) { [additionFactor, thresholdFactor] generator in
        [additionFactor, thresholdFactor].map {
          .random(in: $0.lowerBound...$0.upperBound * 255, using: &generator)
        }
      })
  }

  /// - Parameter numbers: what is added to each image, and the threshold, both in 255ths of the range of values.
  func changed(_ images: Traced<Scalar>, by numbers: Traced<Scalar>) throws -> Traced<Scalar> {
    let numbers = try numbers.split(lengths: [1, 1], axis: 2)
    let (lower, unit) = (Scalar(valueRange.lowerBound), Scalar((valueRange.upperBound - valueRange.lowerBound) / 255))
    let values = try unit == 1 && lower == 0 ? images : (images - lower) * (1 / unit)
    let brightened = try (values + numbers[0]).activated(by: .hardTanh(minValue: 0, maxValue: 255))
    let result = try brightened.applying(InversionOperation(brightest: 255), numbers[1])
    return try unit == 1 && lower == 0 ? result : result * unit + lower
  }
}

/// Elements below a threshold, and the brightest value minus the others. Operands: x, and the thresholds, which have no gradient.
private struct InversionOperation<Scalar: RealScalar>: TensorOperation {
  let brightest: Scalar

  func forward(_ context: Context<Scalar>) throws -> Tensor<Bool> {
    let x = context.operand(0)
    let isKept = x .< context.operand(1)
    context.give(.where(isKept, x, brightest - x))
    return isKept
  }

  func pullback(_ isKept: consuming Tensor<Bool>, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    context.give(.where(isKept, upstream, -upstream), of: 0)
  }
}
