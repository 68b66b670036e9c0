public import Tensor

/// Enlarges sequences, images and volumes by whole factors: ``UpSampling1D``, ``UpSampling2D`` and ``UpSampling3D``.
///
/// ```swift
/// let larger = UpSampling2D<Float>(size: 2, interpolation: .bilinear)     // [batch, 7, 7, 8] becomes [batch, 14, 14, 8]
/// ```
///
/// - Complexity: O(*n*) for *n* elements of the output.
public protocol UpSampling<Scalar>: SpatialLayer {
  /// The factor of each spatial axis.
  var size: [Int] { get }
  /// How the elements between those of the input are computed.
  var interpolation: Interpolation { get }
}

extension UpSampling {
  public var interpolation: Interpolation { .nearest }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let lengths = try spatialLengths(inputShape)
    return shape(inputShape, with: zip(lengths, size).map { saturated($0.multipliedReportingOverflow(by: $1)) })
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    var result = try x.channelsLast(from: dataFormat)
    for (axis, factor) in size.enumerated() where factor > 1 {
      let length = result.shape[axis]
      result = try result.applying(
        ResamplingOperation(AxisMap(resampling: length, to: length * factor, by: interpolation), axis: axis))
    }
    return try result.moved(to: dataFormat)
  }
}

/// ``UpSampling`` of sequences, [batch, steps, channels]: every step is repeated.
public struct UpSampling1D<Scalar: RealScalar>: UpSampling {
  public let size: [Int]
  public var dataFormat: DataFormat { .channelsLast }
  public static var spatialRank: Int { 1 }

  /// - Parameter size: the factor, at least 1.
  public init(size: some SpatialLengths = 2) { self.size = size.resolved(1, "size", of: "UpSampling1D") }
}

/// ``UpSampling`` of images, [batch, rows, columns, channels], or [batch, channels, rows, columns] with channels first.
public struct UpSampling2D<Scalar: RealScalar>: UpSampling {
  public let size: [Int]
  public let dataFormat: DataFormat
  public let interpolation: Interpolation
  public static var spatialRank: Int { 2 }

  /// - Parameter size: the factors: one integer for both axes or a list of two, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter interpolation: how the elements between those of the input are computed; near the borders, from those
  ///   that there are.
  public init(
    size: some SpatialLengths = 2, dataFormat: DataFormat = .channelsLast, interpolation: Interpolation = .nearest
  ) {
    self.size = size.resolved(2, "size", of: "UpSampling2D")
    self.dataFormat = dataFormat
    self.interpolation = interpolation
  }
}

/// ``UpSampling`` of volumes, [batch, planes, rows, columns, channels], or with channels first: every place is
/// repeated.
public struct UpSampling3D<Scalar: RealScalar>: UpSampling {
  public let size: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// - Parameter size: the factors: one integer for all axes or a list of three, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(size: some SpatialLengths = 2, dataFormat: DataFormat = .channelsLast) {
    self.size = size.resolved(3, "size", of: "UpSampling3D")
    self.dataFormat = dataFormat
  }
}
