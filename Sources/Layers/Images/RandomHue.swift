public import Tensor

/// Turns the hues of colour images in training, in either direction around the circle of colours.
public struct RandomHue<Scalar: RealScalar>: RandomColorsByNumber {
  /// The angles, in parts of half a turn.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the angles in parts of half a turn, in 0...1: a range, or the largest number; the direction is drawn.
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

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try threeColors(inputShape) }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> { try changedByNumbers(images) }

  func number(using generator: inout PhiloxGenerator) -> Double {
    let angle = Double.random(in: factor, using: &generator) / 2
    return Bool.random(using: &generator) ? -angle : angle
  }

  /// - Parameter angle: the angle for each image, in turns.
  func changed(_ images: Traced<Scalar>, by angle: Traced<Scalar>) throws -> Traced<Scalar> {
    let (lower, width) = (Scalar(valueRange.lowerBound), Scalar(valueRange.upperBound - valueRange.lowerBound))
    var colors = try HueSaturationValue((images - lower) / width)
    colors.hue = try colors.hue + angle
    return try colors.colors.activated(by: .hardTanh(minValue: 0, maxValue: 1)) * width + lower
  }
}
