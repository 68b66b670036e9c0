internal import CKernels

// Reductions along one axis, several or all; negative axes count from the last. `keepDimensions` keeps the reduced axes
// with length 1, so that the result broadcasts against the tensor.

extension Tensor {
  /// The smallest elements; NaN where there is one.
  /// - Precondition: there is at least one element.
  public func min(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    extreme(ck_smallest, "min", resolvedAxes(axis, rank: rank), keepDimensions)
  }

  /// The largest elements; NaN where there is one.
  /// - Precondition: there is at least one element.
  public func max(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    extreme(ck_largest, "max", resolvedAxes(axis, rank: rank), keepDimensions)
  }

  private func extreme(_ reduction: ck_reduction, _ name: String, _ axes: [Int], _ keepDimensions: Bool) -> Tensor {
    require(
      axes.allSatisfy { shape[$0] > 0 },
      "\(name) along \(axes) of the shape \(shape): without elements there is no \(name)")
    return reduced(reduction, axes: axes, keepDimensions: keepDimensions, to: Scalar.self)
  }

  /// The position of the smallest element along an axis: of the first one, or of the first NaN.
  public func argMin(axis: Int) -> Tensor<Int64> { argument(ck_argument_minimum, "argMin", axis) }

  /// The position of the largest element along an axis: of the first one, or of the first NaN.
  public func argMax(axis: Int) -> Tensor<Int64> { argument(ck_argument_maximum, "argMax", axis) }

  /// The position of the smallest element in row-major order.
  public func argMin() -> Int { Int(flattened.argMin(axis: 0).scalar) }

  /// The position of the largest element in row-major order.
  public func argMax() -> Int { Int(flattened.argMax(axis: 0).scalar) }

  private func argument(_ function: ck_line_function, _ name: String, _ axis: Int) -> Tensor<Int64> {
    let axis = resolvedAxis(axis, rank: rank)
    require(shape[axis] > 0, "\(name) along axis \(axis) of the shape \(shape): there are no elements")
    return lines(function, axis: axis, single: true, to: Int64.self)
  }
}

extension Tensor where Scalar: NumericScalar {
  /// The product of the elements; 1 without elements. Integers are multiplied as Int64.
  public func product(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Scalar.Sum> {
    reduced(ck_product, axes: resolvedAxes(axis, rank: rank), keepDimensions: keepDimensions, to: Scalar.Sum.self)
  }

  /// The sums up to each element along an axis; accumulated in double or Int64 and rounded once.
  public func cumulativeSum(axis: Int) -> Tensor<Scalar.Sum> {
    lines(ck_cumulative_sum, axis: resolvedAxis(axis, rank: rank), single: false, to: Scalar.Sum.self)
  }

  /// The differences of neighbours along an axis, `order` times; the axis becomes `order` shorter.
  public func differences(order: Int = 1, axis: Int = -1) -> Tensor {
    let axis = resolvedAxis(axis, rank: rank)
    require(order >= 0, "differences of order \(order): the order cannot be negative")
    var result = self
    for _ in 0..<Swift.min(order, shape[axis]) {
      let count = Swift.max(result.shape[axis] - 1, 0)
      let above = result.view(result.layout.sliced(axis: axis, start: 1, count: count, step: 1))
      let below = result.view(result.layout.sliced(axis: axis, start: 0, count: count, step: 1))
      result = above - below
    }
    return result
  }
}

extension Tensor where Scalar == Bool {
  /// Whether every element is true; true without elements.
  public func all(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Bool> {
    reduced(ck_smallest, axes: resolvedAxes(axis, rank: rank), keepDimensions: keepDimensions, to: Bool.self)
  }

  /// Whether an element is true; false without elements.
  public func any(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Bool> {
    reduced(ck_largest, axes: resolvedAxes(axis, rank: rank), keepDimensions: keepDimensions, to: Bool.self)
  }

  /// How many elements are true.
  public func countTrue(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Int64> {
    reduced(ck_sum, axes: resolvedAxes(axis, rank: rank), keepDimensions: keepDimensions, to: Int64.self)
  }

  /// The part of the elements that is true, in double; NaN without elements.
  ///
  /// ```swift
  /// let accuracy = (digits .== labels).mean().scalar
  /// ```
  public func mean(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Double> {
    meanOfSum(resolvedAxes(axis, rank: rank), keepDimensions)
  }
}

extension Tensor where Scalar: BinaryInteger & NumericScalar {
  /// The sum of the elements, as Int64; wraps around.
  public func sum(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Int64> {
    reduced(ck_sum, axes: resolvedAxes(axis, rank: rank), keepDimensions: keepDimensions, to: Int64.self)
  }

  /// The mean of the elements, in double; NaN without elements.
  public func mean(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Double> {
    // Sums of the shorter types stay far within Int64.
    if MemoryLayout<Scalar>.size < MemoryLayout<Int64>.size {
      return meanOfSum(resolvedAxes(axis, rank: rank), keepDimensions)
    }
    return cast(to: Double.self).mean(axis: axis, keepDimensions: keepDimensions)
  }

  /// As the variance of reals, in double; the elements are copied.
  public func variance(
    axis: some Axes = .all, correction: Int = 0, keepDimensions: Bool = false
  ) -> Tensor<Double> {
    cast(to: Double.self).variance(axis: axis, correction: correction, keepDimensions: keepDimensions)
  }

  /// The square root of the variance, in double; the elements are copied.
  public func standardDeviation(
    axis: some Axes = .all, correction: Int = 0, keepDimensions: Bool = false
  ) -> Tensor<Double> {
    variance(axis: axis, correction: correction, keepDimensions: keepDimensions).squareRoot()
  }
}

extension Tensor {
  fileprivate func elementCount(_ axes: [Int]) -> Int { axes.reduce(1) { $0 * shape[$1] } }

  /// The mean, in double, of elements whose sum Int64 holds.
  fileprivate func meanOfSum(_ axes: [Int], _ keepDimensions: Bool) -> Tensor<Double> {
    let sum = reduced(ck_sum, axes: axes, keepDimensions: keepDimensions, to: Int64.self)
    return sum.cast(to: Double.self) / Double(elementCount(axes))
  }
}

extension Tensor where Scalar: RealScalar {
  /// The mean of the elements; NaN without elements. Of finite elements it is finite: where their sum is not, they are
  /// added up again, made smaller by a power of two.
  public func mean(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    let count = elementCount(axes)
    let sum = sum(axis: axes, keepDimensions: keepDimensions)
    if count > 1 && !sum.isFiniteThroughout {
      let scale = Scalar(sign: .plus, exponent: -Scalar.Exponent(Double(count).exponent + 1), significand: 1)
      let smaller = (self * scale).sum(axis: axes, keepDimensions: keepDimensions) / (Scalar(count) * scale)
      return Tensor.where(sum.isFinite, sum / Scalar(count), smaller)
    }
    return consume sum / Scalar(count)
  }

  /// The mean of the squared deviations from the mean, in two passes: never a difference of squares.
  /// - Parameter axis: counted from the front, or negative from the last.
  /// - Parameter correction: subtracted from the number of elements that is divided by; 1 gives the unbiased estimate.
  /// - Parameter keepDimensions: whether the axes stay, with length 1.
  public func variance(axis: some Axes = .all, correction: Int = 0, keepDimensions: Bool = false) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    var result = squaredDeviations(axes)
    if result.isFiniteThroughout {
      result = consume result / divisor(axes, correction)
    } else {
      let (smaller, factors) = rescaledDeviations(axes, result)
      let restored = smaller / divisor(axes, correction) / factors / factors
      result = Tensor.where(result.isFinite, result / divisor(axes, correction), restored)
    }
    return keepDimensions ? result : result.view(result.layout.dropping(axes: axes))
  }

  /// The square root of the variance; of numbers whose squares leave the range of the type too.
  public func standardDeviation(
    axis: some Axes = .all, correction: Int = 0, keepDimensions: Bool = false
  ) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    let squares = squaredDeviations(axes)
    let result: Tensor
    if squares.holdsSafeSquares {
      result = (squares / divisor(axes, correction)).squareRoot()
    } else {
      let (smaller, factors) = rescaledDeviations(axes, squares)
      result = (smaller / divisor(axes, correction)).squareRoot() / factors
    }
    return keepDimensions ? result : result.view(result.layout.dropping(axes: axes))
  }

  private func squaredDeviations(_ axes: [Int]) -> Tensor {
    reduced(ck_sum_of_squared_deviations, axes: axes, keepDimensions: true, to: Scalar.self)
  }

  private func divisor(_ axes: [Int], _ correction: Int) -> Scalar {
    Scalar(Swift.max(Double(elementCount(axes)) - Double(correction), 0))
  }

  /// The squared deviations of the numbers times factors.
  private func rescaledDeviations(_ axes: [Int], _ squares: Tensor) -> (squares: Tensor, factors: Tensor) {
    let factors = squares.rescaling
    return ((self * factors).squaredDeviations(axes), factors)
  }

  /// log(Σ eˣ) without overflow: the largest element is taken out first. -∞ without elements.
  public func logSumExp(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    if elementCount(axes) == 0 {
      return sum(axis: axes, keepDimensions: keepDimensions).log()
    }
    let largest = max(axis: axes, keepDimensions: true)
    let shift = Tensor.where(largest.isFinite, largest, Tensor(0))
    let result = (self - shift).exp().sum(axis: axes, keepDimensions: true).log() + shift
    return keepDimensions ? result : result.view(result.layout.dropping(axes: axes))
  }
}
