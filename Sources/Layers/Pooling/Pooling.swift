internal import CKernels
public import Tensor

/// Combines the elements of windows along the spatial axes, each channel by itself.
///
/// A window has `poolSize` places along each axis, and the next one begins `strides` places further. With the padding
/// `valid` windows lie within the sample; with `same` there is one for every `strides` places begun, and what reaches
/// beyond the sample is ignored.
/// - Complexity: O(*windows* · *places of a window* · *channels*).
public protocol Pooling<Scalar>: SpatialLayer {
  /// The places of a window along each axis.
  var poolSize: [Int] { get }
  /// The places from a window to the next along each axis.
  var strides: [Int] { get }
  /// How windows are placed at the borders: `valid` or `same`.
  var padding: WindowPadding { get }

  /// Creates a layer from Keras's arguments.
  init(poolSize: some SpatialLengths, strides: (any SpatialLengths)?, padding: WindowPadding, dataFormat: DataFormat)
}

extension Pooling {
  private var geometry: WindowGeometry { WindowGeometry(poolSize, strides: strides, padding: padding) }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let lengths = try spatialLengths(inputShape)
    return shape(inputShape, with: try geometry.requiredCounts(in: lengths, of: inputShape, layer: className))
  }

  fileprivate func pooled(_ pooling: ck_pooling, _ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let lengths = try spatialLengths(x.shape)
    return try x.pooled(
      pooling, PoolingWindows(input: lengths, ranges: geometry.places(in: lengths)), dataFormat)
  }
}

/// The largest element of each window: ``MaxPooling1D``, ``MaxPooling2D`` and ``MaxPooling3D``.
///
/// NaN if an element of the window is. The gradient goes to the first of the largest elements.
public protocol MaxPooling<Scalar>: Pooling {}

extension MaxPooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try pooled(ck_pooling_largest, x) }
}

/// The mean of each window: ``AveragePooling1D``, ``AveragePooling2D`` and ``AveragePooling3D``.
///
/// With the padding `same`, the mean is that of the places within the sample.
public protocol AveragePooling<Scalar>: Pooling {}

extension AveragePooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try pooled(ck_pooling_mean, x) }
}

/// The arguments of a pooling layer, checked.
private struct PoolingArguments {
  let poolSize, strides: [Int]

  init(
    _ poolSize: some SpatialLengths, _ strides: (any SpatialLengths)?, _ padding: WindowPadding, rank: Int,
    _ layer: String
  ) {
    self.poolSize = poolSize.resolved(rank, "poolSize", of: layer)
    self.strides = strides?.resolved(rank, "strides", of: layer) ?? self.poolSize
    require(padding != .causal, "\(layer): padding is causal; allowed: valid and same")
  }
}

/// ``MaxPooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
public struct MaxPooling1D<Scalar: RealScalar>: MaxPooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 1 }

  /// - Parameter poolSize: the places of a window: an integer, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths = 2, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 1, "MaxPooling1D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}

/// ``MaxPooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with channels first.
public struct MaxPooling2D<Scalar: RealScalar>: MaxPooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter poolSize: the places of a window: one integer for both axes or a list of two, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths = 2, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 2, "MaxPooling2D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}

/// ``MaxPooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows, columns]
/// with channels first.
public struct MaxPooling3D<Scalar: RealScalar>: MaxPooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// - Parameter poolSize: the places of a window: one integer for all axes or a list of three, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths = 2, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 3, "MaxPooling3D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}

/// ``AveragePooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
public struct AveragePooling1D<Scalar: RealScalar>: AveragePooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 1 }

  /// - Parameter poolSize: the places of a window: an integer, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 1, "AveragePooling1D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}

/// ``AveragePooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with channels
/// first.
public struct AveragePooling2D<Scalar: RealScalar>: AveragePooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter poolSize: the places of a window: one integer for both axes or a list of two, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 2, "AveragePooling2D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}

/// ``AveragePooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows, columns]
/// with channels first.
public struct AveragePooling3D<Scalar: RealScalar>: AveragePooling {
  public let poolSize, strides: [Int]
  public let padding: WindowPadding
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// - Parameter poolSize: the places of a window: one integer for all axes or a list of three, each at least 1.
  /// - Parameter strides: the places from a window to the next; `nil` for the window's.
  /// - Parameter padding: how windows are placed at the borders: `valid` or `same`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    poolSize: some SpatialLengths, strides: (any SpatialLengths)? = nil, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast
  ) {
    let arguments = PoolingArguments(poolSize, strides, padding, rank: 3, "AveragePooling3D")
    (self.poolSize, self.strides) = (arguments.poolSize, arguments.strides)
    self.padding = padding
    self.dataFormat = dataFormat
  }
}
