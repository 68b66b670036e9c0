public import Tensor

/// ``Dropout`` of whole channels: all positions of a channel of a sample share their fate.
///
/// Neighbours of a sequence or an image are alike, so that what is dropped singly is known from them. Shapes are kept.
/// - Reference: Tompson, Goroshin, Jain, LeCun, Bregler, arXiv:1411.4280.
public protocol SpatialDropout<Scalar>: Layer {
  /// The part that is dropped.
  var rate: Double { get }
  /// Where the axis of channels stands.
  var dataFormat: DataFormat { get }
  /// How many axes the positions have.
  static var positionRank: Int { get }
}

extension SpatialDropout {
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard inputShape.count == Self.positionRank + 1 else {
      throw unexpectedShape("one with \(Self.positionRank + 1) axes behind the batch", inputShape)
    }
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

  /// Traps for a rate outside 0...1.
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

  /// Traps for a rate outside 0...1.
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

  /// Traps for a rate outside 0...1.
  public init(_ rate: Double, dataFormat: DataFormat = .channelsLast) {
    requireRate(rate, "SpatialDropout3D")
    self.rate = rate
    self.dataFormat = dataFormat
  }
}

private func requireRate(_ rate: Double, _ layer: String) {
  require((0...1).contains(rate), "\(layer): the rate is \(rate), allowed are 0...1")
}
