public import Tensor

/// Resizes images [batch, rows, columns, channels] to a given size.
///
/// ```swift
/// let resizing = Resizing<Float>(height: 224, width: 224, fitting: .crop)     // [batch, 480, 640, 3] becomes [batch, 224, 224, 3]
/// ```
///
/// - Complexity: O(*n* · *k*) for *n* elements of the larger side and *k* neighbours that a result is computed from.
public struct Resizing<Scalar: RealScalar>: SpatialLayer {
  /// How an image of other proportions than the result's is fitted.
  public enum Fitting: Hashable, Sendable {
    /// Rows and columns are scaled by different factors.
    case stretch
    /// What exceeds the result's proportions is cut off at both sides.
    case crop
    /// The image is surrounded by a number until it has the result's proportions.
    case pad(Double)
  }

  /// The number of rows of the result.
  public let height: Int
  /// The number of columns of the result.
  public let width: Int
  /// How elements between those of the input are computed.
  public let interpolation: Interpolation
  /// How an image of other proportions is fitted.
  public let fitting: Fitting
  /// Whether all elements that a smaller result covers contribute to it, not only those next to its places.
  public let antialias: Bool
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter height: the number of rows of the result, at least 1.
  /// - Parameter width: the number of columns of the result, at least 1.
  /// - Parameter interpolation: how elements between those of the input are computed.
  /// - Parameter fitting: how an image of other proportions than the result's is fitted.
  /// - Parameter antialias: whether all elements that a smaller result covers contribute to it; not with `nearest`.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    height: Int, width: Int, interpolation: Interpolation = .bilinear, fitting: Fitting = .stretch,
    antialias: Bool = false, dataFormat: DataFormat = .channelsLast
  ) {
    requireSize(height, width, Self.className)
    if case .pad(let number) = fitting {
      require(number.isFinite, "Resizing: fitting is pad(\(number)); allowed: finite numbers")
    }
    (self.height, self.width) = (height, width)
    (self.interpolation, self.fitting, self.antialias) = (interpolation, fitting, antialias)
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    let result = try resizedShape(inputShape, height, width)
    if case .pad = fitting {
      // Before it is resized.
      let framed = proportionalSize(around: try spatialLengths(inputShape), height, width)
      try Scalar.requireSampleShape(shape(inputShape, with: framed), className)
    }
    return result
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    var images = try x.channelsLast(from: dataFormat)
    let size = Array(images.shape.prefix(2))
    switch fitting {
    case .stretch: break
    case .crop:
      let part = proportionalSize(within: size, height, width)
      images = try images.applying(CutOperation(lengths: part, at: images.centre(of: part)))
    case .pad(let number):
      let framed = proportionalSize(around: size, height, width)
      // The same width on both sides, as in Keras; if a place is left over, it is missing.
      let (rows, columns) = ((framed[0] - size[0]) / 2, (framed[1] - size[1]) / 2)
      let border = rows > 0 ? (rows, 0) : (0, columns)
      images = try images.applying(
        PaddingOperation(
          widths: [(border.0, border.0), (border.1, border.1), (0, 0)], number: Scalar(number)))
    }
    return try images.resized(height, width, by: interpolation, antialias: antialias).moved(to: dataFormat)
  }
}

extension Resizing.Fitting: CustomStringConvertible {
  /// The value as source code.
  public var description: String {
    switch self {
    case .stretch: "stretch"
    case .crop: "crop"
    case .pad(let number): "pad(\(number))"
    }
  }
}

/// Cuts the centre out of images [batch, rows, columns, channels]; images that are smaller are resized, without a change of
/// proportions, until one side fits.
public struct CenterCrop<Scalar: RealScalar>: SpatialLayer {
  /// The number of rows of the result.
  public let height: Int
  /// The number of columns of the result.
  public let width: Int
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter height: the number of rows of the result, at least 1.
  /// - Parameter width: the number of columns of the result, at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(height: Int, width: Int, dataFormat: DataFormat = .channelsLast) {
    requireSize(height, width, Self.className)
    (self.height, self.width) = (height, width)
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try resizedShape(inputShape, height, width) }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try x.channelsLast(from: dataFormat).centreCropped(height, width).moved(to: dataFormat)
  }
}

/// Cuts a part out of images [batch, rows, columns, channels]: in training at a place that is drawn for each batch, in use the
/// centre. Images that are not larger are resized, without a change of proportions.
public struct RandomCrop<Scalar: RealScalar>: SpatialLayer {
  /// The number of rows of the result.
  public let height: Int
  /// The number of columns of the result.
  public let width: Int
  public let dataFormat: DataFormat
  public static var spatialRank: Int { 2 }

  /// - Parameter height: the number of rows of the result, at least 1.
  /// - Parameter width: the number of columns of the result, at least 1.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(height: Int, width: Int, dataFormat: DataFormat = .channelsLast) {
    requireSize(height, width, Self.className)
    (self.height, self.width) = (height, width)
    self.dataFormat = dataFormat
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try resizedShape(inputShape, height, width) }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let images = try x.channelsLast(from: dataFormat)
    let isCut = images.shape[0] > height && images.shape[1] > width
    let result =
      switch (isCut, x.isTraining) {
      case (true, true): try images.applying(CutOperation(lengths: [height, width], at: nil))
      case (true, false): try images.centreCropped(height, width)
      case (false, _): try images.cutAndResized(height, width)
      }
    return try result.moved(to: dataFormat)
  }
}
