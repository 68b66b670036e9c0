internal import Activations
public import Tensor

/// A ``RandomImageLayer`` that changes the values of images, which lie in a range.
public protocol RandomColors<Scalar>: RandomImageLayer {
  /// The darkest and the brightest value of images.
  var valueRange: ClosedRange<Double> { get }
}

extension RandomColors {
  /// The images with values beyond the range replaced by its ends.
  func clipped(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try images.activated(by: .hardTanh(minValue: valueRange.lowerBound, maxValue: valueRange.upperBound))
  }
}

/// A layer that changes each image by one number.
protocol RandomColorsByNumber<Scalar>: RandomColors {
  /// Draws the number for an image.
  func number(using generator: inout PhiloxGenerator) -> Double

  /// Changes each image by its number, [1, 1, 1].
  func changed(_ images: Traced<Scalar>, by number: Traced<Scalar>) throws -> Traced<Scalar>
}

extension RandomColorsByNumber {
  func changedByNumbers(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(images, by: images.drawn([1, 1, 1]) { [number(using: &$0)] })
  }
}

/// Strengthens the contrast of images in training: distances from each channel's mean are multiplied by a number, and the results
/// limited to the range of values.
public struct RandomContrast<Scalar: RealScalar>: RandomColorsByNumber {
  /// The numbers are drawn from 1 less the lower end up to 1 and the upper end.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: what the contrast's multiple loses at most, and what it gains, in 0...1: a range; or a number, which it gains
  ///   at most and, as in Keras, does not lose.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> { try changedByNumbers(images) }

  func number(using generator: inout PhiloxGenerator) -> Double {
    .random(in: 1 - factor.lowerBound...1 + factor.upperBound, using: &generator)
  }

  func changed(_ images: Traced<Scalar>, by contrast: Traced<Scalar>) throws -> Traced<Scalar> {
    let mean = try images.mean(axis: [0, 1], keepDimensions: true)
    return try clipped((images - mean) * contrast + mean)
  }
}

/// Brightens and darkens images in training: adds a number, and limits the results to the range of values.
public struct RandomBrightness<Scalar: RealScalar>: RandomColorsByNumber {
  /// What is added, in parts of the width of the range of values.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: what is added in parts of the width of the range of values, in -1...1: a range, or a number for both directions.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.factor = factor.resolved(.signedUnit, "factor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> { try changedByNumbers(images) }

  func number(using generator: inout PhiloxGenerator) -> Double {
    let width = valueRange.upperBound - valueRange.lowerBound
    return .random(in: factor.lowerBound * width...factor.upperBound * width, using: &generator)
  }

  func changed(_ images: Traced<Scalar>, by delta: Traced<Scalar>) throws -> Traced<Scalar> {
    try clipped(images + delta)
  }
}

/// Inverts some images in training: subtracts their values from the brightest.
public struct RandomInvert<Scalar: RealScalar>: RandomColors {
  /// The probability of an image to be inverted, which is drawn too.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the probability of an image to be inverted is drawn from this range in 0...1, or up to a number.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange = 1.0, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(images, where: images.drawn(withProbability: factor))
  }

  /// - Parameter isInverted: 1 or 0 for each image.
  func changed(_ images: Traced<Scalar>, where isInverted: Traced<Scalar>) throws -> Traced<Scalar> {
    try images * (isInverted * -2 + 1) + isInverted * Scalar(valueRange.upperBound)
  }
}
