internal import CKernels

/// What a quantile is where it falls between two elements.
@nonexhaustive
public enum QuantileInterpolation: Sendable, CaseIterable {
  /// On the straight line between the two.
  case linear
  /// The smaller one.
  case lower
  /// The larger one.
  case higher
  /// Half way between the two.
  case midpoint
  /// The nearer one; half way, the one at the even position.
  case nearest
}

extension Tensor where Scalar: RealScalar {
  /// The middle element along axes, or the mean of the two in the middle; NaN where there is one, and without elements.
  /// Between finite numbers it is finite.
  /// - Complexity: O(*n* log *n*): the elements are sorted.
  public func median(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    return quantiles([0.5], .midpoint, axes, keepDimensions).row(0)
  }

  /// The element below which the part `q` of the elements along axes lies, as NumPy counts: the position `q (n - 1)` of
  /// the sorted elements. NaN where there is one, without elements, and between the two infinities; between a number
  /// and an infinity, the infinity (where NumPy may say NaN).
  /// - Precondition: `q` is in 0...1.
  /// - Complexity: O(*n* log *n*): the elements are sorted.
  public func quantile(
    _ q: Double, axis: some Axes = .all, interpolation: QuantileInterpolation = .linear,
    keepDimensions: Bool = false
  ) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    return quantiles([q], interpolation, axes, keepDimensions).row(0)
  }

  /// Several quantiles at the price of one; they stand along a new first axis.
  public func quantiles(
    _ parts: [Double], axis: some Axes = .all, interpolation: QuantileInterpolation = .linear,
    keepDimensions: Bool = false
  ) -> Tensor {
    let axes = resolvedAxes(axis, rank: rank)
    return quantiles(parts, interpolation, axes, keepDimensions)
  }

  private func quantiles(
    _ parts: [Double], _ interpolation: QuantileInterpolation, _ axes: [Int], _ keepDimensions: Bool
  ) -> Tensor {
    for q in parts { require((0...1).contains(q), "a quantile lies in 0...1, unlike \(q)") }
    let kept = (0..<rank).filter { !axes.contains($0) }
    let keptShape = kept.map { shape[$0] }
    let length = axes.reduce(1) { $0 * shape[$1] }
    let resultShape =
      keepDimensions ? (0..<rank).map { axes.contains($0) ? 1 : shape[$0] } : keptShape
    if length == 0 { return .filled([parts.count] + resultShape, with: .nan) }
    let lines = view(layout.permuted(kept + axes)).reshaped(keptShape + [length])
    let sorted = lines.sorted()
    func element(_ position: Int) -> Tensor {
      sorted.view(sorted.layout.sliced(axis: kept.count, start: position, count: 1, step: 1).removing(axis: kept.count))
    }
    // NaN is sorted to the end.
    let last = element(length - 1)
    let isNaN = last.isNaN
    let hasNaN = isNaN.any().scalar
    if parts.isEmpty { return .zeros([0] + resultShape) }
    return .stacked(
      parts.map { q in
        let position = q * Double(length - 1)
        var value = interpolation.value(at: position, count: length, element)
        if hasNaN { value = value.replacing(with: last, where: isNaN) }
        return value.reshaped(resultShape)
      })
  }
}

extension QuantileInterpolation {
  fileprivate func value<Scalar: RealScalar>(
    at position: Double, count: Int, _ element: (Int) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let below = Int(position)
    let part = position - Double(below)
    switch self {
    case .lower: return element(below)
    case _ where part == 0: return element(below)
    case .higher: return element(below + 1)
    case .nearest: return element(Int(position.rounded(.toNearestOrEven)))
    case .midpoint: return element(below).interpolated(to: element(below + 1), part: 0.5) { ($0 + $1) / 2 }
    case .linear:
      // From the nearer of the two, as NumPy.
      return element(below).interpolated(to: element(below + 1), part: part) { low, high in
        let slope = high - low
        return part < 0.5 ? low + slope * Scalar(part) : high - slope * Scalar(1 - part)
      }
    }
  }
}

extension Tensor where Scalar: RealScalar {
  /// What `interpolation` gives, and where that leaves the numbers (the difference or the sum of large numbers, and
  /// infinities, do) the two weighted by their parts: finite between finite numbers.
  fileprivate func interpolated(
    to other: Tensor, part: Double, _ interpolation: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let value = interpolation(self, other)
    let isFinite = value.isFinite
    if isFinite.all().scalar { return value }
    let weighted = self * Scalar(1 - part) + other * Scalar(part)
    return value.replacing(with: weighted, where: .!isFinite)
  }
}

extension Tensor where Scalar: NumericScalar & BinaryInteger {
  /// The middle element along axes, or the mean of the two in the middle, in double.
  public func median(axis: some Axes = .all, keepDimensions: Bool = false) -> Tensor<Double> {
    cast(to: Double.self).median(axis: axis, keepDimensions: keepDimensions)
  }

  /// As the quantile of reals, in double.
  public func quantile(
    _ q: Double, axis: some Axes = .all, interpolation: QuantileInterpolation = .linear,
    keepDimensions: Bool = false
  ) -> Tensor<Double> {
    cast(to: Double.self).quantile(q, axis: axis, interpolation: interpolation, keepDimensions: keepDimensions)
  }
}
