public import Tensor

/// A ``RandomImageLayer`` that moves the places of images: ``RandomRotation``, ``RandomTranslation``, ``RandomZoom`` and
/// ``RandomShear``.
public protocol RandomWarp<Scalar>: RandomImageLayer {
  /// What stands for places beyond the border.
  var fillMode: FillMode { get }
  /// How images are read between their places.
  var interpolation: Interpolation { get }
  /// The number beyond the border if the fill mode is `constant`.
  var fillValue: Double { get }

  /// Draws where the places of an image are read from.
  func placeMap(height: Int, width: Int, using generator: inout PhiloxGenerator) -> PlaceMap
}

extension RandomWarp {
  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try images.warped(WarpOperation(fillMode: fillMode, fillValue: fillValue, interpolation: interpolation)) {
      placeMap(height: $0, width: $1, using: &$2)
    }
  }
}

/// Stops the program unless images can be read in this way.
func requireWarp(_ interpolation: Interpolation, _ fillValue: Double, _ layer: String) {
  require(
    interpolation == .nearest || interpolation == .bilinear,
    "\(layer): interpolation is \(interpolation); allowed: nearest and bilinear")
  require(fillValue.isFinite, "\(layer): fillValue is \(fillValue); allowed: finite numbers")
}

/// Turns images about their centre in training.
public struct RandomRotation<Scalar: RealScalar>: RandomWarp {
  /// The angles, in parts of a full turn.
  public let factor: ClosedRange<Double>
  public let fillMode: FillMode
  public let interpolation: Interpolation
  public let fillValue: Double
  public let dataFormat: DataFormat

  /// - Parameter factor: the angles in parts of a full turn, in -1...1: a range, or a number for both directions.
  /// - Parameter fillMode: what stands for places beyond the border.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillValue: the number beyond a constant border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange, fillMode: FillMode = .reflect, interpolation: Interpolation = .bilinear,
    fillValue: Double = 0, dataFormat: DataFormat = .channelsLast
  ) {
    requireWarp(interpolation, fillValue, Self.className)
    self.factor = factor.resolved(.signedUnit, "factor", of: Self.className)
    (self.fillMode, self.interpolation, self.fillValue) = (fillMode, interpolation, fillValue)
    self.dataFormat = dataFormat
  }

  public func placeMap(height: Int, width: Int, using generator: inout PhiloxGenerator) -> PlaceMap {
    .rotation(by: .random(in: factor, using: &generator) * 2 * .pi, height: height, width: width)
  }
}

/// Moves images in training, up and down and to both sides.
public struct RandomTranslation<Scalar: RealScalar>: RandomWarp {
  /// The distances in parts of the height: positive ones downwards.
  public let heightFactor: ClosedRange<Double>
  /// The distances in parts of the width: positive ones to the right.
  public let widthFactor: ClosedRange<Double>
  public let fillMode: FillMode
  public let interpolation: Interpolation
  public let fillValue: Double
  public let dataFormat: DataFormat

  /// - Parameter heightFactor: the distances in parts of the height, in -1...1: a range, or a number for both directions.
  /// - Parameter widthFactor: the distances in parts of the width, likewise.
  /// - Parameter fillMode: what stands for places beyond the border.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillValue: the number beyond a constant border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    heightFactor: some FactorRange, widthFactor: some FactorRange, fillMode: FillMode = .reflect,
    interpolation: Interpolation = .bilinear, fillValue: Double = 0, dataFormat: DataFormat = .channelsLast
  ) {
    requireWarp(interpolation, fillValue, Self.className)
    self.heightFactor = heightFactor.resolved(.signedUnit, "heightFactor", of: Self.className)
    self.widthFactor = widthFactor.resolved(.signedUnit, "widthFactor", of: Self.className)
    (self.fillMode, self.interpolation, self.fillValue) = (fillMode, interpolation, fillValue)
    self.dataFormat = dataFormat
  }

  public func placeMap(height: Int, width: Int, using generator: inout PhiloxGenerator) -> PlaceMap {
    let rows = Double.random(in: heightFactor, using: &generator) * Double(height)
    let columns = Double.random(in: widthFactor, using: &generator) * Double(width)
    return .translation(columns: columns, rows: rows)
  }
}

/// Enlarges and shrinks images about their centre in training.
public struct RandomZoom<Scalar: RealScalar>: RandomWarp {
  /// The changes of the height that is read: with -0.2, eight tenths of the rows fill the image.
  public let heightFactor: ClosedRange<Double>
  /// The changes of the width that is read; `nil` for those of the height, which keeps proportions.
  public let widthFactor: ClosedRange<Double>?
  public let fillMode: FillMode
  public let interpolation: Interpolation
  public let fillValue: Double
  public let dataFormat: DataFormat

  /// Creates a layer that keeps proportions.
  /// - Parameter heightFactor: the changes of the part that is read, from -1 to 1: a range, or a number for both directions;
  ///   negative ones enlarge.
  /// - Parameter fillMode: what stands for places beyond the border.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillValue: the number beyond a constant border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    heightFactor: some FactorRange, fillMode: FillMode = .reflect, interpolation: Interpolation = .bilinear,
    fillValue: Double = 0, dataFormat: DataFormat = .channelsLast
  ) {
    self.init(heightFactor, nil, fillMode, interpolation, fillValue, dataFormat)
  }

  /// Creates a layer that zooms rows and columns by different factors.
  /// - Parameter heightFactor: the changes of the height that is read, from -1 to 1: a range, or a number for both directions.
  /// - Parameter widthFactor: the changes of the width that is read, likewise.
  /// - Parameter fillMode: what stands for places beyond the border.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillValue: the number beyond a constant border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    heightFactor: some FactorRange, widthFactor: some FactorRange, fillMode: FillMode = .reflect,
    interpolation: Interpolation = .bilinear, fillValue: Double = 0, dataFormat: DataFormat = .channelsLast
  ) {
    self.init(
      heightFactor, widthFactor.resolved(.signedUnit, "widthFactor", of: Self.className), fillMode, interpolation,
      fillValue, dataFormat)
  }

  private init(
    _ heightFactor: some FactorRange, _ widthFactor: ClosedRange<Double>?, _ fillMode: FillMode,
    _ interpolation: Interpolation, _ fillValue: Double, _ dataFormat: DataFormat
  ) {
    requireWarp(interpolation, fillValue, Self.className)
    self.heightFactor = heightFactor.resolved(.signedUnit, "heightFactor", of: Self.className)
    self.widthFactor = widthFactor
    (self.fillMode, self.interpolation, self.fillValue) = (fillMode, interpolation, fillValue)
    self.dataFormat = dataFormat
  }

  public func placeMap(height: Int, width: Int, using generator: inout PhiloxGenerator) -> PlaceMap {
    let rows = 1 + Double.random(in: heightFactor, using: &generator)
    let columns = widthFactor.map { 1 + Double.random(in: $0, using: &generator) } ?? rows
    return .zoom(columns: columns, rows: rows, height: height, width: width)
  }
}

/// Slants images in training: rows are moved along themselves in proportion to their number, and columns likewise.
public struct RandomShear<Scalar: RealScalar>: RandomWarp {
  /// The distances of a row from the one before, in columns; the direction is drawn too.
  public let xFactor: ClosedRange<Double>
  /// The distances of a column from the one before, in rows.
  public let yFactor: ClosedRange<Double>
  public let fillMode: FillMode
  public let interpolation: Interpolation
  public let fillValue: Double
  public let dataFormat: DataFormat

  /// - Parameter xFactor: the distances of a row from the one before, in columns: a range, or a number for both directions; up to 1.
  /// - Parameter yFactor: the distances of a column from the one before, in rows, likewise.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillMode: what stands for places beyond the border.
  /// - Parameter fillValue: the number beyond a constant border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    xFactor: some FactorRange = 0.0, yFactor: some FactorRange = 0.0, interpolation: Interpolation = .bilinear,
    fillMode: FillMode = .reflect, fillValue: Double = 0, dataFormat: DataFormat = .channelsLast
  ) {
    requireWarp(interpolation, fillValue, Self.className)
    self.xFactor = xFactor.resolved(.signedUnit, "xFactor", of: Self.className)
    self.yFactor = yFactor.resolved(.signedUnit, "yFactor", of: Self.className)
    (self.fillMode, self.interpolation, self.fillValue) = (fillMode, interpolation, fillValue)
    self.dataFormat = dataFormat
  }

  public func placeMap(height: Int, width: Int, using generator: inout PhiloxGenerator) -> PlaceMap {
    let sign = Double.random(in: 0..<1, using: &generator) > 0.5 ? -1.0 : 1
    let rows = Double.random(in: yFactor, using: &generator) * sign
    return .shear(columns: .random(in: xFactor, using: &generator) * sign, rows: rows)
  }
}
