internal import Tensor

// Parts of images [rows, columns, channels], and images of other sizes.

/// Stops the program unless an image can have the size.
func requireSize(_ height: Int, _ width: Int, _ layer: String) {
  require(height > 0 && width > 0, "\(layer): height is \(height) and width \(width); allowed: integers of at least 1")
}

extension SpatialLayer {
  /// The shape of images of another size.
  func resizedShape(_ inputShape: [Int], _ height: Int, _ width: Int) throws -> [Int] {
    let lengths = try spatialLengths(inputShape)
    if lengths.contains(0) { throw unexpectedShape("spatial axes of at least 1", inputShape) }
    return shape(inputShape, with: [height, width])
  }
}

/// The largest size of given proportions within an image, at least 1.
func proportionalSize(within size: [Int], _ height: Int, _ width: Int) -> [Int] {
  let proportional = proportionalSize(size, height, width)
  return zip(size, proportional).map { max(min($0, $1), 1) }
}

/// The smallest size of given proportions around an image.
func proportionalSize(around size: [Int], _ height: Int, _ width: Int) -> [Int] {
  zip(size, proportionalSize(size, height, width)).map(max)
}

/// The rows that belong to an image's columns in given proportions, and the columns that belong to its rows.
private func proportionalSize(_ size: [Int], _ height: Int, _ width: Int) -> [Int] {
  // The greatest integer where there are too many to count.
  [Double(size[1]) * Double(height) / Double(width), Double(size[0]) * Double(width) / Double(height)].map {
    Int(exactly: $0.rounded(.towardZero)) ?? .max
  }
}

extension Traced {
  /// The centre of images that are large enough; of others, the centre of the same proportions, resized.
  func centreCropped(_ height: Int, _ width: Int) throws -> Traced {
    if shape[0] < height || shape[1] < width { return try fitted(height, width) }
    return try applying(CutOperation(lengths: [height, width], at: centre(of: [height, width])))
  }

  /// The centre of the result's proportions, resized.
  func fitted(_ height: Int, _ width: Int) throws -> Traced {
    let part = proportionalSize(within: Array(shape.prefix(2)), height, width)
    return try applying(CutOperation(lengths: part, at: centre(of: part))).resized(height, width, by: .bilinear)
  }

  /// What there is of a part of this size, from where the centre of its proportions begins, resized if a side is too short: Keras's
  /// rule of random cropping.
  func cutAndResized(_ height: Int, _ width: Int) throws -> Traced {
    let first = centre(of: proportionalSize(within: Array(shape.prefix(2)), height, width))
    let lengths = [min(height, shape[0] - first[0]), min(width, shape[1] - first[1])]
    return try applying(CutOperation(lengths: lengths, at: first)).resized(height, width, by: .bilinear)
  }

  /// The first row and column of a part in the middle.
  func centre(of part: [Int]) -> [Int] { zip(shape, part).map { ($0 - $1) / 2 } }

  /// Images of another size.
  func resized(_ height: Int, _ width: Int, by interpolation: Interpolation, antialias: Bool = false) throws -> Traced {
    var result = self
    for (axis, count) in [height, width].enumerated() where shape[axis] != count {
      let map = AxisMap(resampling: shape[axis], to: count, by: interpolation, antialias: antialias)
      result = try result.applying(ResamplingOperation(map, axis: axis))
    }
    return result
  }
}

/// A part of images [rows, columns, channels], at a place that is given or drawn for the batch.
struct CutOperation<Scalar: RealScalar>: TensorOperation {
  let lengths: [Int]
  /// The first row and column; `nil` if they are drawn.
  let place: [Int]?

  init(lengths: [Int], at place: [Int]?) { (self.lengths, self.place) = (lengths, place) }

  var isRandom: Bool { place == nil }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [lengths + [operands[0][2]]] }

  func forward(_ context: Context<Scalar>) throws -> [BorderWidths] {
    let x = context.take(0)
    let rest = zip(x.shape.dropFirst(), lengths).map { $0 - $1 }
    let first = place ?? rest.map { Int.random(in: 0...$0, using: &context.generator) }
    let widths: [BorderWidths] = [(0, 0)] + zip(first, rest).map { ($0, $1 - $0) } + [(0, 0)]
    context.give(x.cropped(widths))
    return widths
  }

  func pullback(_ widths: consuming [BorderWidths], _ context: Context<Scalar>) throws {
    context.give(context.upstream().padded(widths), of: 0)
  }
}
