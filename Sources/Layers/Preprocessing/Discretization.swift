public import Tensor

/// Sorts numbers into ranges: the output is the number of the range, or encodes it.
///
/// ```swift
/// let ranges = try Discretization<Float>(binBoundaries: [0, 1])([[-2, 0, 0.5, 7]])   // [[0, 1, 1, 2]]
/// ```
///
/// A boundary belongs to the range above it. NaN is in the last range, as in Keras.
public struct Discretization<Scalar: RealScalar>: Layer {
  /// The boundaries between the ranges, in ascending order; `nil` before ``adapt(to:)``.
  public private(set) var binBoundaries: [Double]?
  /// The number of ranges that ``adapt(to:)`` makes; `nil` if the boundaries were given.
  public let numBins: Int?
  /// The part of the data by which boundaries of ``adapt(to:)`` may be off.
  public let epsilon: Double
  /// What is given for a sample.
  public let outputMode: CategoryOutput

  /// Creates a layer with given boundaries.
  /// - Precondition: there is a boundary, they are finite and in ascending order, and the output is not `tfIDF`.
  public init(binBoundaries: [Double], outputMode: CategoryOutput = .integer) {
    self.init(binBoundaries, nil, 0.01, outputMode)
  }

  /// Creates a layer whose boundaries ``adapt(to:)`` determines, so that the ranges hold about equally many numbers.
  /// - Precondition: `numBins` is at least 2, `epsilon` is between 0 and 1, and the output is not `tfIDF`.
  public init(numBins: Int, epsilon: Double = 0.01, outputMode: CategoryOutput = .integer) {
    self.init(nil, numBins, epsilon, outputMode)
  }

  package init(_ boundaries: [Double]?, _ numBins: Int?, _ epsilon: Double, _ outputMode: CategoryOutput) {
    require(
      boundaries.map { !$0.isEmpty && $0.allSatisfy(\.isFinite) && $0 == $0.sorted() } ?? true,
      "Discretization: binBoundaries are \(boundaries ?? []); allowed: finite numbers in ascending order")
    require(numBins ?? 2 >= 2, "Discretization: numBins is \(numBins ?? 0); allowed: integers of at least 2")
    require(0 < epsilon && epsilon < 1, "Discretization: epsilon is \(epsilon); allowed: between 0 and 1")
    require(outputMode != .tfIDF, "Discretization: outputMode is tfIDF; allowed: all others")
    (binBoundaries, self.numBins, self.epsilon, self.outputMode) = (boundaries, numBins, epsilon, outputMode)
  }

  private var depth: Int { binBoundaries.map { $0.count + 1 } ?? numBins ?? 1 }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try shape(ofCategories: inputShape, outputMode, depth)
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    let layer = className
    let boundaries = binBoundaries.map { Tensor<Scalar>($0.map { Scalar($0) }) }
    return try x.applying(
      CategoryOperation(output: outputMode, depth: depth, shape: try outputShape(for: x.shape)) { operands in
        guard let boundaries else {
          throw LayerError.notBuilt(model: layer, reason: "there are no boundaries; give some, or call adapt(to:)")
        }
        return boundaries.searchSorted(operands[0], behindEqual: true).scalars.map { Int($0) }
      })
  }

  /// Determines boundaries between which about equally many of these numbers are, as Keras does.
  /// - Precondition: the layer was made with a number of ranges, and there is a number.
  public mutating func adapt(to data: Tensor<Scalar>) {
    guard let numBins else { trap("Discretization: the boundaries were given and are not computed from data") }
    require(!data.isEmpty, "Discretization: there are no data to adapt to")
    let sorted = data.flattened.sorted().scalars.map(Double.init)
    let step = max(Double(sorted.count) * epsilon, 1)
    let values = Swift.stride(from: Int(step - 1), to: sorted.count, by: Int(step)).map { sorted[$0] }
    let summary = QuantileSummary(values: values, weights: [Double](repeating: step, count: values.count))
    let bounds = summary.compressed(epsilon).compressed(1 / Double(numBins)).values
    binBoundaries = Array(bounds.dropLast())
  }
}

/// Numbers in ascending order, and how many of the data each of them stands for.
private struct QuantileSummary {
  let values: [Double]
  let weights: [Double]

  /// As many numbers as parts of this size are in the whole, in between those that there are, in Float as in Keras.
  func compressed(_ part: Double) -> QuantileSummary {
    if Double(values.count) * part < 1 { return self }
    var sum = 0.0
    let sums = weights.map { weight in
      sum += weight
      return sum
    }
    let parts = sums.map { $0 / sum }
    let places = (0..<Int((1 / part).rounded(.up))).map { part + Double($0) * part }
    let ends = places.map { interpolated($0, parts, sums) }
    return QuantileSummary(
      values: places.map { Double(Float(interpolated($0, parts, values))) },
      weights: zip(ends, [0] + ends).map { Double(Float($0 - $1)) })
  }

  private func interpolated(_ x: Double, _ places: [Double], _ values: [Double]) -> Double {
    guard let next = places.firstIndex(where: { $0 > x }) else { return values[values.count - 1] }
    if next == 0 { return values[0] }
    let share = (x - places[next - 1]) / (places[next] - places[next - 1])
    return values[next - 1] + share * (values[next] - values[next - 1])
  }
}
