public import Tensor

/// Adds zeros before and after the places of the spatial axes: ``ZeroPadding1D``, ``ZeroPadding2D`` and
/// ``ZeroPadding3D``.
///
/// ```swift
/// let framed = ZeroPadding2D<Float>(padding: 1)                       // [batch, 28, 28, 3] becomes [batch, 30, 30, 3]
/// let wider = ZeroPadding2D<Float>(padding: [0, 2])                   // [batch, 28, 32, 3]
/// let shifted = ZeroPadding2D<Float>(padding: [(1, 0), (1, 0)])       // [batch, 29, 29, 3]
/// ```
public protocol ZeroPadding<Scalar>: SpatialLayer {
  /// The zeros before and after each axis.
  var padding: [(before: Int, after: Int)] { get }

  /// Creates a layer that adds a number of zeros before and another after each axis.
  init(padding: [(before: Int, after: Int)], dataFormat: DataFormat)
}

extension ZeroPadding {
  /// Creates a layer that adds as many zeros before as after each axis.
  /// - Parameter padding: the zeros on each side: one integer for all axes, or a list with one for each; at least 0.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(padding: some SpatialLengths = 1, dataFormat: DataFormat = .channelsLast) {
    self.init(padding: Self.resolved(padding, "padding"), dataFormat: dataFormat)
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    shape(inputShape, with: try spatialLengths(inputShape).widened(by: padding))
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.applying(PaddingOperation(widths: widths(padding)))
  }
}

/// ``ZeroPadding`` of sequences, [batch, steps, channels].
public struct ZeroPadding1D<Scalar: RealScalar>: ZeroPadding {
  public let padding: [(before: Int, after: Int)]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 1 }

  /// Creates a layer that adds a number of zeros before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(padding: [(before: Int, after: Int)], dataFormat: DataFormat = .channelsLast) {
    self.padding = Self.resolved(padding, "padding")
    self.dataFormat = dataFormat
  }
}

/// ``ZeroPadding`` of images, [batch, rows, columns, channels].
public struct ZeroPadding2D<Scalar: RealScalar>: ZeroPadding {
  public let padding: [(before: Int, after: Int)]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// Creates a layer that adds a number of zeros before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(padding: [(before: Int, after: Int)], dataFormat: DataFormat = .channelsLast) {
    self.padding = Self.resolved(padding, "padding")
    self.dataFormat = dataFormat
  }
}

/// ``ZeroPadding`` of volumes, [batch, planes, rows, columns, channels].
public struct ZeroPadding3D<Scalar: RealScalar>: ZeroPadding {
  public let padding: [(before: Int, after: Int)]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// Creates a layer that adds a number of zeros before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(padding: [(before: Int, after: Int)], dataFormat: DataFormat = .channelsLast) {
    self.padding = Self.resolved(padding, "padding")
    self.dataFormat = dataFormat
  }
}
