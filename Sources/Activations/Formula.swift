/// What an activation computes, for people: value and slope as formulas, and how far results may be from them.
package struct Formula: Hashable, Sendable {
  /// The cases of the value, of which the first one that applies counts: `x for x > 0`, `alpha (eˣ - 1) otherwise`.
  package let value: [String]
  /// The cases of the slope; for an activation along axes, the gradient with respect to x, for the gradient g with respect to y.
  package let slope: [String]
  package let errors: ErrorBounds

  package init(_ value: String..., slope: String..., errors: ErrorBounds) {
    self.value = value
    self.slope = slope
    self.errors = errors
  }
}

/// The largest errors of an activation's results on any input, with any parameters, in ulp: the spacing of numbers at the
/// exact result.
package struct ErrorBounds: Hashable, Sendable {
  package struct Bound: Hashable, Sendable {
    package let float: Double
    package let double: Double
  }

  /// None: no bound is known.
  package let value: Bound?
  package let slope: Bound?
  /// Slopes that are smaller than this count as this large: near a root of the slope, error is measured against those nearby.
  package let leastSlope: Double?
  /// Whose ulp those of the value are, where it is not that of the exact result: what is left of a difference has fewer digits.
  package let valueScale: String?
  /// The same of the slope.
  package let slopeScale: String?

  init(
    value: Bound?, slope: Bound?, leastSlope: Double? = nil, valueScale: String? = nil, slopeScale: String? = nil
  ) {
    self.value = value
    self.slope = slope
    self.leastSlope = leastSlope
    self.valueScale = valueScale
    self.slopeScale = slopeScale
  }

  /// The same in every precision.
  init(_ value: Double, slope: Double) {
    self.init(value: Bound(float: value, double: value), slope: Bound(float: slope, double: slope))
  }

  static let exact = ErrorBounds(0, slope: 0)
  /// Of what is made of exponentials and quotients.
  static let smooth = ErrorBounds(value: Bound(float: 1, double: 2), slope: Bound(float: 2, double: 4))
  static let smoothWithRoot = ErrorBounds(value: smooth.value, slope: smooth.slope, leastSlope: 0x1p-8)
}
