import Foundation

/// A range of numbers on an axis, with its ticks.
struct AxisScale {
  let range: ClosedRange<Double>
  /// The ticks: multiples of 1, 2 or 5 times a power of ten.
  let ticks: [Double]
  private let decimals: Int

  /// - Parameter count: the approximate number of ticks.
  /// - Parameter isRounded: whether the range is widened to ticks.
  init(_ range: ClosedRange<Double>, ticks count: Int, isRounded: Bool = false) {
    let step = Self.step((range.upperBound - range.lowerBound) / Double(max(count, 1)))
    let slack = 1e-9 * step
    var first = ((range.lowerBound - slack) / step).rounded(.up)
    var last = ((range.upperBound + slack) / step).rounded(.down)
    if isRounded {
      first = ((range.lowerBound + slack) / step).rounded(.down)
      last = ((range.upperBound - slack) / step).rounded(.up)
    }
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    self.range = isRounded ? first * step...last * step : range
    decimals = max(0, Int(-log10(step * 1.0000001).rounded(.down)))
  }

  /// All labels have the same number of decimals.
  func label(_ tick: Double) -> String {
    let text = String(format: "%.\(decimals)f", tick)
    return text.contains { $0 != "-" && $0 != "0" && $0 != "." } ? text : text.replacing("-", with: "")
  }

  var widestLabel: Int { ticks.map { label($0).count }.max() ?? 1 }

  /// The position of a number: 0 at the beginning of the range, 1 at its end.
  func position(_ x: Double) -> Double { (x - range.lowerBound) / (range.upperBound - range.lowerBound) }

  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    let factor = [1.0, 2, 5].first { $0 * power >= least * 0.9999999 } ?? 10
    return factor * power
  }
}
