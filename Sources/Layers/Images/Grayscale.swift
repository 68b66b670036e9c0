public import Tensor

/// The brightness of colours [rows, columns, 3] as [rows, columns, 1].
private struct GrayscaleOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  private var weights: Tensor<Scalar> { Tensor([0.2989, 0.587, 0.114].map { Scalar($0) }) }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [operands[0].dropLast() + [1]] }

  func forward(_ context: Context<Scalar>) throws {
    context.give((context.operand(0) * weights).sum(axis: -1, keepDimensions: true))
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    context.give(context.upstream() * weights, of: 0)
  }
}

extension RandomImageLayer {
  /// The shape of colour images with three channels, or of gray ones with one.
  fileprivate func colors(_ inputShape: [Int]) throws -> [Int] {
    _ = try spatialLengths(inputShape)
    let channels = dataFormat.channels(inputShape)
    if channels != 1 && channels != 3 { throw unexpectedShape("one with 1 or 3 channels", inputShape) }
    return inputShape
  }

  /// So large a part of the way from images to gray ones.
  fileprivate func grayed(_ images: Traced<Scalar>, by part: Traced<Scalar>) throws -> Traced<Scalar> {
    if images.shape[2] == 1 { return images }
    return try images + (images.applying(GrayscaleOperation()) - images) * part
  }
}

/// Replaces some images in training by gray ones: every channel by the brightness, `0.2989 red + 0.587 green + 0.114 blue`.
public struct RandomGrayscale<Scalar: RealScalar>: RandomImageLayer {
  /// The probability of an image to become gray.
  public let factor: Double
  public let dataFormat: DataFormat

  /// - Parameter factor: the probability of an image to become gray, in 0...1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(factor: Double = 0.5, dataFormat: DataFormat = .channelsLast) {
    require((0...1).contains(factor), "RandomGrayscale: factor is \(factor); allowed: 0...1")
    self.factor = factor
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try colors(inputShape) }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(images, where: images.drawn(withProbability: factor...factor))
  }

  /// - Parameter isGray: 1 or 0 for each image.
  func changed(_ images: Traced<Scalar>, where isGray: Traced<Scalar>) throws -> Traced<Scalar> {
    try grayed(images, by: isGray)
  }
}

/// Takes colour away from images in training: a part of the way from each to the gray image, limited to the range of values.
public struct RandomColorDegeneration<Scalar: RealScalar>: RandomColors {
  /// The parts of the way: 0 leaves an image, 1 makes it gray; negative ones strengthen colours.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the parts of the way to gray, in -1...1: a range, or a number for both directions.
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

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try colors(inputShape) }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(images, by: images.drawn(from: factor))
  }

  func changed(_ images: Traced<Scalar>, by part: Traced<Scalar>) throws -> Traced<Scalar> {
    try clipped(grayed(images, by: part))
  }
}
