public import Tensor

/// Combines all places of a sample, each channel by itself: [batch, …, channels] becomes [batch, channels], or
/// [batch, 1, …, channels] if axes are kept.
/// - Complexity: O(*n*).
public protocol GlobalPooling<Scalar>: SpatialLayer {
  /// Whether the spatial axes remain, with the length 1.
  var keepdims: Bool { get }

  /// Creates a layer from Keras's arguments.
  init(dataFormat: DataFormat, keepdims: Bool)
}

extension GlobalPooling {
  /// The spatial axes of samples.
  fileprivate var spatialAxes: [Int] { Array(firstSpatialAxis..<firstSpatialAxis + Self.spatialRank) }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let lengths = try spatialLengths(inputShape)
    guard lengths.allSatisfy({ $0 > 0 }) else { throw unexpectedShape("spatial axes of at least 1", inputShape) }
    return keepdims ? shape(inputShape, with: lengths.map { _ in 1 }) : [dataFormat.channels(inputShape)]
  }
}

/// The largest element of each channel: ``GlobalMaxPooling1D``, ``GlobalMaxPooling2D`` and ``GlobalMaxPooling3D``.
///
/// NaN if an element of the channel is. The gradient goes to the largest elements, in equal parts.
public protocol GlobalMaxPooling<Scalar>: GlobalPooling {}

extension GlobalMaxPooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.max(axis: spatialAxes, keepDimensions: keepdims)
  }
}

/// The mean of each channel: ``GlobalAveragePooling1D``, ``GlobalAveragePooling2D`` and ``GlobalAveragePooling3D``.
public protocol GlobalAveragePooling<Scalar>: GlobalPooling {}

extension GlobalAveragePooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.mean(axis: spatialAxes, keepDimensions: keepdims)
  }
}

extension GlobalAveragePooling1D {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    guard let mask = x.mask else { return try x.mean(axis: spatialAxes, keepDimensions: keepdims) }
    let steps = try x.channelsLast(from: dataFormat)
    guard mask.shape == [steps.shape[0]] else {
      throw unexpectedShape("one whose mask is one of its steps", x.shape)
    }
    let mean = try steps.replaced(outside: mask, by: 0).sum(axis: 0) / mask.reals().sum(axis: 0)
    return keepdims ? try mean.reshaped(shape(x.shape, with: [1])) : mean
  }
}

/// ``GlobalMaxPooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
public struct GlobalMaxPooling1D<Scalar: RealScalar>: GlobalMaxPooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 1 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}

/// ``GlobalMaxPooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with channels
/// first.
public struct GlobalMaxPooling2D<Scalar: RealScalar>: GlobalMaxPooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 2 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}

/// ``GlobalMaxPooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows,
/// columns] with channels first.
public struct GlobalMaxPooling3D<Scalar: RealScalar>: GlobalMaxPooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 3 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}

/// ``GlobalAveragePooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
///
/// Steps that a mask excludes do not count. If it excludes all, the mean is NaN, as in Keras.
public struct GlobalAveragePooling1D<Scalar: RealScalar>: GlobalAveragePooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 1 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}

/// ``GlobalAveragePooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with
/// channels first.
public struct GlobalAveragePooling2D<Scalar: RealScalar>: GlobalAveragePooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 2 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}

/// ``GlobalAveragePooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows,
/// columns] with channels first.
public struct GlobalAveragePooling3D<Scalar: RealScalar>: GlobalAveragePooling {
  public let dataFormat: DataFormat
  public let keepdims: Bool
  public static var spatialRank: Int { 3 }

  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter keepdims: whether the spatial axes remain, with the length 1.
  public init(dataFormat: DataFormat = .channelsLast, keepdims: Bool = false) {
    self.dataFormat = dataFormat
    self.keepdims = keepdims
  }
}
