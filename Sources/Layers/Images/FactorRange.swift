internal import Tensor

/// The range from which a layer draws numbers: a `Double`, which stands for the numbers up to its size on both sides of 0, or a
/// `ClosedRange<Double>`.
public protocol FactorRange: Sendable {
  /// The ends of the range, of which the lower one is at least `least` where a single number determines both.
  static func ends(of factor: Self, from least: Double) -> (lower: Double, upper: Double)
}

extension Double: FactorRange {
  public static func ends(of factor: Double, from least: Double) -> (lower: Double, upper: Double) {
    (max(-abs(factor), least), abs(factor))
  }
}

extension ClosedRange: FactorRange where Bound == Double {
  public static func ends(of factor: ClosedRange, from least: Double) -> (lower: Double, upper: Double) {
    (factor.lowerBound, factor.upperBound)
  }
}

extension FactorRange {
  /// The range itself.
  /// - Parameter least: the lower end of what a single number stands for is at least this.
  /// - Precondition: both ends are allowed.
  func resolved(_ allowed: NumberRange, from least: Double = -1, _ name: String, of layer: String) -> ClosedRange<
    Double
  > {
    let (lower, upper) = Self.ends(of: self, from: least)
    require(
      allowed.contains(lower) && allowed.contains(upper) && lower <= upper,
      "\(layer): \(name) is \(self); allowed: \(allowed), one or a range")
    return lower...upper
  }
}

/// Stops the program unless a range has a width.
func requireValueRange(_ range: ClosedRange<Double>, _ layer: String) {
  require(
    range.lowerBound < range.upperBound && (range.upperBound - range.lowerBound).isFinite,
    "\(layer): valueRange is \(range); allowed: ranges of finite width above 0")
}
