internal import CKernels
public import Tensor

/// Combines windows whose lengths depend on the input, so that the output's do not: along an axis of *n* places, window
/// *i* of *m* reaches from ⌊*i n* / *m*⌋ up to ⌈(*i* + 1) *n* / *m*⌉.
/// - Complexity: O(*n*) for outputs smaller than the input.
public protocol AdaptivePooling<Scalar>: SpatialLayer {
  /// The output's lengths of the spatial axes.
  var outputSize: [Int] { get }

  /// Creates a layer from Keras's arguments.
  init(outputSize: some SpatialLengths, dataFormat: DataFormat)
}

extension AdaptivePooling {
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard try spatialLengths(inputShape).allSatisfy({ $0 > 0 }) else {
      throw unexpectedShape("spatial axes of at least 1", inputShape)
    }
    return shape(inputShape, with: outputSize)
  }

  fileprivate func pooled(_ pooling: ck_pooling, _ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let lengths = try spatialLengths(x.shape)
    let ranges = zip(lengths, outputSize).map { length, count in
      (0..<count).map { index in
        let end = count.dividingFullWidth((index + 1).multipliedFullWidth(by: length))
        return count.dividingFullWidth(index.multipliedFullWidth(by: length)).quotient..<end.quotient
          + (end.remainder > 0 ? 1 : 0)
      }
    }
    return try x.pooled(pooling, PoolingWindows(input: lengths, ranges: ranges), dataFormat)
  }
}

/// The largest element of each window: ``AdaptiveMaxPooling1D``, ``AdaptiveMaxPooling2D`` and ``AdaptiveMaxPooling3D``.
///
/// NaN if an element of the window is. The gradient goes to the first of the largest elements.
public protocol AdaptiveMaxPooling<Scalar>: AdaptivePooling {}

extension AdaptiveMaxPooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try pooled(ck_pooling_largest, x) }
}

/// The mean of each window: ``AdaptiveAveragePooling1D``, ``AdaptiveAveragePooling2D`` and
/// ``AdaptiveAveragePooling3D``.
public protocol AdaptiveAveragePooling<Scalar>: AdaptivePooling {}

extension AdaptiveAveragePooling {
  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> { try pooled(ck_pooling_mean, x) }
}

/// ``AdaptiveMaxPooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
public struct AdaptiveMaxPooling1D<Scalar: RealScalar>: AdaptiveMaxPooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 1 }

  /// - Parameter outputSize: the output's lengths: an integer, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(1, "outputSize", of: "AdaptiveMaxPooling1D")
    self.dataFormat = dataFormat
  }
}

/// ``AdaptiveMaxPooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with
/// channels first.
public struct AdaptiveMaxPooling2D<Scalar: RealScalar>: AdaptiveMaxPooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter outputSize: the output's lengths: one integer for both axes or a list of two, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(2, "outputSize", of: "AdaptiveMaxPooling2D")
    self.dataFormat = dataFormat
  }
}

/// ``AdaptiveMaxPooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows,
/// columns] with channels first.
public struct AdaptiveMaxPooling3D<Scalar: RealScalar>: AdaptiveMaxPooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// - Parameter outputSize: the output's lengths: one integer for all axes or a list of three, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(3, "outputSize", of: "AdaptiveMaxPooling3D")
    self.dataFormat = dataFormat
  }
}

/// ``AdaptiveAveragePooling`` of sequences: [batch, steps, channels], or [batch, channels, steps] with channels first.
public struct AdaptiveAveragePooling1D<Scalar: RealScalar>: AdaptiveAveragePooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 1 }

  /// - Parameter outputSize: the output's lengths: an integer, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(1, "outputSize", of: "AdaptiveAveragePooling1D")
    self.dataFormat = dataFormat
  }
}

/// ``AdaptiveAveragePooling`` of images: [batch, rows, columns, channels], or [batch, channels, rows, columns] with
/// channels first.
public struct AdaptiveAveragePooling2D<Scalar: RealScalar>: AdaptiveAveragePooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter outputSize: the output's lengths: one integer for both axes or a list of two, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(2, "outputSize", of: "AdaptiveAveragePooling2D")
    self.dataFormat = dataFormat
  }
}

/// ``AdaptiveAveragePooling`` of volumes: [batch, planes, rows, columns, channels], or [batch, channels, planes, rows,
/// columns] with channels first.
public struct AdaptiveAveragePooling3D<Scalar: RealScalar>: AdaptiveAveragePooling {
  public let outputSize: [Int]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// - Parameter outputSize: the output's lengths: one integer for all axes or a list of three, each at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(outputSize: some SpatialLengths, dataFormat: DataFormat = .channelsLast) {
    self.outputSize = outputSize.resolved(3, "outputSize", of: "AdaptiveAveragePooling3D")
    self.dataFormat = dataFormat
  }
}
