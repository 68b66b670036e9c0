public import Tensor

/// Strengthens and weakens the colours of images in training: multiplies their saturations.
public struct RandomSaturation<Scalar: RealScalar>: RandomColorsByNumber {
  /// How saturated images become: 0 makes them gray, 0.5 leaves them, 1 gives pure colours.
  public let factor: ClosedRange<Double>
  /// The limits of saturations, as in Keras.
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: how saturated images become, in -1...1: a range, or a number for both directions. Saturations are multiplied
  ///   by `factor / (1 - factor)`.
  /// - Parameter valueRange: the limits of saturations, as in Keras.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.factor = factor.resolved(.signedUnit, "factor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try threeColors(inputShape) }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> { try changedByNumbers(images) }

  func number(using generator: inout PhiloxGenerator) -> Double {
    let part = Double.random(in: factor, using: &generator)
    // Keras's epsilon.
    return part / (1 - part + 1e-7)
  }

  func changed(_ images: Traced<Scalar>, by multiple: Traced<Scalar>) throws -> Traced<Scalar> {
    var colors = try HueSaturationValue(images)
    colors.saturation = try clipped(colors.saturation * multiple)
    return try colors.colors
  }
}
