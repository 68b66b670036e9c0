public import Tensor

/// ``Dropout`` of whole channels: all positions of a sample's channel are dropped together.
///
/// Neighbouring positions of a sequence or an image are alike, so elements dropped one by one could be inferred from
/// them. Shapes do not change.
/// - Reference: Tompson, Goroshin, Jain, LeCun, Bregler, arXiv:1411.4280.
public protocol SpatialDropout<Scalar>: Layer {
  /// The fraction that is dropped.
  var rate: Double { get }
  /// The position of the channel axis.
  var dataFormat: DataFormat { get }
  /// The number of axes of the positions.
  static var positionRank: Int { get }
}

extension SpatialDropout {
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try requireAxes(Self.positionRank + 1, inputShape)
    return inputShape
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard x.isTraining && rate > 0 else { return x }
    let positions = [Int?](repeating: 1, count: Self.positionRank)
    let noiseShape = dataFormat == .channelsLast ? [nil] + positions + [nil] : [nil, nil] + positions
    return try x.applying(
      DropoutOperation(rate: rate, noiseShape: noiseShape, factor: rate < 1 ? Scalar(1 / (1 - rate)) : 1))
  }
}

/// ``SpatialDropout`` of sequences, [batch, steps, channels].
public struct SpatialDropout1D<Scalar: RealScalar>: SpatialDropout {
  public let rate: Double
  public var dataFormat: DataFormat { .channelsLast }
  public static var positionRank: Int { 1 }

  /// - Precondition: the rate is in 0...1.
  public init(_ rate: Double) {
    requireRate(rate, "SpatialDropout1D")
    self.rate = rate
  }
}

/// ``SpatialDropout`` of images, [batch, rows, columns, channels].
public struct SpatialDropout2D<Scalar: RealScalar>: SpatialDropout {
  public let rate: Double
  public let dataFormat: DataFormat
  public static var positionRank: Int { 2 }

  /// - Precondition: the rate is in 0...1.
  public init(_ rate: Double, dataFormat: DataFormat = .channelsLast) {
    requireRate(rate, "SpatialDropout2D")
    self.rate = rate
    self.dataFormat = dataFormat
  }
}

/// ``SpatialDropout`` of volumes, [batch, planes, rows, columns, channels].
public struct SpatialDropout3D<Scalar: RealScalar>: SpatialDropout {
  public let rate: Double
  public let dataFormat: DataFormat
  public static var positionRank: Int { 3 }

  /// - Precondition: the rate is in 0...1.
  public init(_ rate: Double, dataFormat: DataFormat = .channelsLast) {
    requireRate(rate, "SpatialDropout3D")
    self.rate = rate
    self.dataFormat = dataFormat
  }
}

private func requireRate(_ rate: Double, _ layer: String) {
  require((0...1).contains(rate), "\(layer): the rate is \(rate); allowed: 0...1")
}
