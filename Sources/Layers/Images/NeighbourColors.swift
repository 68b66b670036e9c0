internal import Glibc
public import Tensor

extension AxisMap {
  /// The sums of an axis's places around each, weighted by an odd number of weights; beyond the ends are zeros.
  fileprivate init(weighting length: Int, by weights: [Double]) {
    let before = weights.count / 2
    self.init(
      length: length,
      rows: (0..<length).map { place in
        let (first, end) = (max(0, place - before), min(length, place + before + 1))
        let skipped = first - (place - before)
        return (first, Array(weights[skipped..<skipped + end - first]))
      })
  }

  /// A bell curve of weights that add up to 1.
  fileprivate init(blurring length: Int, over count: Int, deviation: Double) {
    // With deviations up to 1, weights further away are 0 in Double.
    let count = min(count, 2 * 40 + 1)
    let curve = (0..<count).map { exp(-0.5 * pow((Double($0) - Double(count - 1) / 2) / deviation, 2)) }
    let sum = curve.reduce(0, +)
    self.init(weighting: length, by: curve.map { $0 / sum })
  }
}

/// Sharpens and smooths images in training: goes away from the mean of each place's surroundings or towards it, limited to the range
/// of values.
public struct RandomSharpness<Scalar: RealScalar>: RandomColors {
  /// How sharp an image becomes: 0 smooths it, 0.5 leaves it, 1 sharpens it.
  public let factor: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: how sharp images become, in 0...1: a range, or the largest number.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange, valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    try changed(images, by: images.drawn(from: factor))
  }

  func changed(_ images: Traced<Scalar>, by sharpness: Traced<Scalar>) throws -> Traced<Scalar> {
    var surroundings = images
    for axis in 0..<2 {
      let map = AxisMap(weighting: images.shape[axis], by: [1, 1, 1])
      surroundings = try surroundings.applying(ResamplingOperation(map, axis: axis))
    }
    // The place itself weighs as much as five of its eight neighbours.
    let smooth = try (surroundings + images * 4) * (1 / 13)
    return try clipped(images + (smooth - images) * (sharpness * -2 + 1))
  }
}

/// Blurs some images in training by a bell curve.
public struct RandomGaussianBlur<Scalar: RealScalar>: RandomColors {
  /// The probability of an image to be blurred, which is drawn too.
  public let factor: ClosedRange<Double>
  /// The numbers of columns and of rows that a result is computed from.
  public let kernelSize: (columns: Int, rows: Int)
  /// The curve's standard deviations, along the columns and along the rows, which are drawn for each batch.
  public let sigma: ClosedRange<Double>
  public let valueRange: ClosedRange<Double>
  public let dataFormat: DataFormat

  /// - Parameter factor: the probability of an image to be blurred is drawn from this range in 0...1, or up to a number.
  /// - Parameter kernelSize: the numbers of columns and of rows that a result is computed from: odd ones.
  /// - Parameter sigma: the curve's standard deviations, in 0...1: a range, or the largest number.
  /// - Parameter valueRange: the darkest and the brightest value of images.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange = 1.0, kernelSize: (columns: Int, rows: Int) = (3, 3), sigma: some FactorRange = 1.0,
    valueRange: ClosedRange<Double> = 0...255, dataFormat: DataFormat = .channelsLast
  ) {
    requireValueRange(valueRange, Self.className)
    require(
      [kernelSize.columns, kernelSize.rows].allSatisfy { $0 > 0 && $0 % 2 == 1 },
      "RandomGaussianBlur: kernelSize is \(kernelSize); allowed: odd integers of at least 1")
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    self.kernelSize = kernelSize
    self.sigma = sigma.resolved(.closedUnit, from: 0, "sigma", of: Self.className)
    self.valueRange = valueRange
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    // What is drawn for the batch comes first: what is drawn for an image does not depend on how many there are.
    let blurred = try blurred(images, columnSigma: sigma, rowSigma: sigma)
    return try mixed(images, blurred, where: images.drawn(withProbability: factor))
  }

  func blurred(
    _ images: Traced<Scalar>, columnSigma: ClosedRange<Double>, rowSigma: ClosedRange<Double>
  ) throws -> Traced<Scalar> {
    try images.applying(
      BlurOperation(counts: [kernelSize.rows, kernelSize.columns], deviations: [rowSigma, columnSigma]))
  }

  /// - Parameter isBlurred: 1 or 0 for each image.
  func mixed(
    _ images: Traced<Scalar>, _ blurred: Traced<Scalar>, where isBlurred: Traced<Scalar>
  ) throws -> Traced<Scalar> { try clipped(images + (blurred - images) * isBlurred) }
}

/// Blurs images [rows, columns, channels] by standard deviations that are drawn for each batch.
private struct BlurOperation<Scalar: RealScalar>: TensorOperation {
  /// For rows and columns.
  let counts: [Int]
  let deviations: [ClosedRange<Double>]

  var isRandom: Bool { true }

  func forward(_ context: Context<Scalar>) throws -> [AxisMap] {
    let x = context.operand(0)
    let maps = (0..<2).map { axis in
      // Not 0, by which distances are divided.
      let deviation = Double.random(in: deviations[axis], using: &context.generator) + 1e-6
      return AxisMap(blurring: x.shape[axis + 1], over: counts[axis], deviation: deviation)
    }
    context.give(mapped(x, by: maps, context))
    return maps
  }

  func pullback(_ maps: consuming [AxisMap], _ context: Context<Scalar>) throws {
    context.give(mapped(context.upstream(), by: maps.map(\.transposed), context), of: 0)
  }

  private func mapped(_ x: Tensor<Scalar>, by maps: [AxisMap], _ context: Context<Scalar>) -> Tensor<Scalar> {
    maps.enumerated().reduce(x) { x, map in
      var result = context.tensor(x.shape)
      result.assign(map.element, of: x, axis: map.offset + 1)
      return result
    }
  }
}
