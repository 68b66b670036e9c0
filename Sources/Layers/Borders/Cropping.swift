public import Tensor

/// Removes places at both ends of the spatial axes, as a view: ``Cropping1D``, ``Cropping2D`` and ``Cropping3D``.
///
/// ```swift
/// let inner = Cropping2D<Float>(cropping: 2)                          // [batch, 28, 28, 3] becomes [batch, 24, 24, 3]
/// let left = Cropping2D<Float>(cropping: [(0, 0), (0, 14)])           // [batch, 28, 14, 3]
/// ```
public protocol Cropping<Scalar>: SpatialLayer {
  /// The places removed at the beginning and at the end of each axis.
  var cropping: [(before: Int, after: Int)] { get }
}

extension Cropping {
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let lengths = try spatialLengths(inputShape)
    let removed = [Int](repeating: 0, count: Self.spatialRank).widened(by: cropping)
    guard zip(lengths, removed).allSatisfy(>) else {
      throw unexpectedShape("spatial axes longer than what is removed, \(removed)", inputShape)
    }
    return shape(inputShape, with: zip(lengths, removed).map { $0 - $1 })
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.applying(CroppingOperation(widths: widths(cropping)))
  }
}

/// ``Cropping`` of sequences, [batch, steps, channels].
public struct Cropping1D<Scalar: RealScalar>: Cropping {
  public let cropping: [(before: Int, after: Int)]
  public var dataFormat: DataFormat { .channelsLast }
  public static var spatialRank: Int { 1 }

  /// Creates a layer that removes a number of places before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(cropping: [(before: Int, after: Int)]) {
    self.cropping = Self.resolved(cropping, "cropping")
  }

  /// Creates a layer that removes as many places before as after each axis.
  /// - Parameter cropping: the places removed on each side: one integer at least 0.
  public init(cropping: some SpatialLengths = 1) {
    self.init(cropping: Self.resolved(cropping, "cropping"))
  }
}

/// ``Cropping`` of images, [batch, rows, columns, channels].
public struct Cropping2D<Scalar: RealScalar>: Cropping {
  public let cropping: [(before: Int, after: Int)]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// Creates a layer that removes a number of places before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(cropping: [(before: Int, after: Int)], dataFormat: DataFormat = .channelsLast) {
    self.cropping = Self.resolved(cropping, "cropping")
    self.dataFormat = dataFormat
  }

  /// Creates a layer that removes as many places before as after each axis.
  /// - Parameter cropping: the places removed on each side: one integer for all axes, or a list with one for each; at
  ///   least 0.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(cropping: some SpatialLengths = 0, dataFormat: DataFormat = .channelsLast) {
    self.init(cropping: Self.resolved(cropping, "cropping"), dataFormat: dataFormat)
  }
}

/// ``Cropping`` of volumes, [batch, planes, rows, columns, channels].
public struct Cropping3D<Scalar: RealScalar>: Cropping {
  public let cropping: [(before: Int, after: Int)]
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 3 }

  /// Creates a layer that removes a number of places before and another after each axis.
  /// - Precondition: there is one pair for each axis, of integers of at least 0.
  public init(cropping: [(before: Int, after: Int)], dataFormat: DataFormat = .channelsLast) {
    self.cropping = Self.resolved(cropping, "cropping")
    self.dataFormat = dataFormat
  }

  /// Creates a layer that removes as many places before as after each axis.
  /// - Parameter cropping: the places removed on each side: one integer for all axes, or a list with one for each; at
  ///   least 0.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(cropping: some SpatialLengths = 1, dataFormat: DataFormat = .channelsLast) {
    self.init(cropping: Self.resolved(cropping, "cropping"), dataFormat: dataFormat)
  }
}
