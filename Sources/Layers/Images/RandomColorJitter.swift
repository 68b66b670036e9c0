public import Tensor

/// Changes the brightness, contrast, saturation and hue of images in training, one after another.
public struct RandomColorJitter<Scalar: RealScalar>: RandomColors {
  public let valueRange: ClosedRange<Double>
  /// See ``RandomBrightness``; `nil` if brightness does not change.
  public let brightnessFactor: ClosedRange<Double>?
  /// See ``RandomContrast``; `nil` if contrast does not change.
  public let contrastFactor: ClosedRange<Double>?
  /// See ``RandomSaturation``; `nil` if saturation does not change.
  public let saturationFactor: ClosedRange<Double>?
  /// See ``RandomHue``; `nil` if hue does not change.
  public let hueFactor: ClosedRange<Double>?
  public let dataFormat: DataFormat

  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter brightnessFactor: a range or a number, as for ``RandomBrightness``; `nil` leaves the brightness.
  /// - Parameter contrastFactor: the same for ``RandomContrast``.
  /// - Parameter saturationFactor: the same for ``RandomSaturation``.
  /// - Parameter hueFactor: the same for ``RandomHue``.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    valueRange: ClosedRange<Double> = 0...255, brightnessFactor: (some FactorRange)? = Double?.none,
    contrastFactor: (some FactorRange)? = Double?.none, saturationFactor: (some FactorRange)? = Double?.none,
    hueFactor: (some FactorRange)? = Double?.none, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.valueRange = valueRange
    self.brightnessFactor = brightnessFactor?.resolved(.signedUnit, "brightnessFactor", of: Self.className)
    self.contrastFactor = contrastFactor?.resolved(.closedUnit, from: 0, "contrastFactor", of: Self.className)
    self.saturationFactor = saturationFactor?.resolved(.signedUnit, "saturationFactor", of: Self.className)
    self.hueFactor = hueFactor?.resolved(.closedUnit, from: 0, "hueFactor", of: Self.className)
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    if saturationFactor != nil || hueFactor != nil { return try threeColors(inputShape) }
    _ = try spatialLengths(inputShape)
    return inputShape
  }

  /// The changes in their order.
  private var changes: [any RandomColorsByNumber<Scalar>] {
    let changes: [(any RandomColorsByNumber<Scalar>)?] = [
      brightnessFactor.map { RandomBrightness(factor: $0, valueRange: valueRange) },
      contrastFactor.map { RandomContrast(factor: $0, valueRange: valueRange) },
      saturationFactor.map { RandomSaturation(factor: $0, valueRange: valueRange) },
      hueFactor.map { RandomHue(factor: $0, valueRange: valueRange) },
    ]
    return changes.compactMap(\.self)
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    let changes = changes
    if changes.isEmpty { return images }
    // All numbers of an image at once: they do not depend on how many images there are.
    let numbers = try images.drawn([1, 1, changes.count]) { generator in
      changes.map { $0.number(using: &generator) }
    }
    let parts = try numbers.split(lengths: changes.map { _ in 1 }, axis: 2)
    return try zip(changes, parts).reduce(images) { try $1.0.changed($0, by: $1.1) }
  }
}
