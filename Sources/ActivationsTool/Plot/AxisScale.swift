import Foundation

/// A range of numbers on an axis, with its ticks.
struct AxisScale {
  enum Kind {
    /// Ticks at multiples of 1, 2 or 5 times a power of ten.
    case linear
    /// The same, but only at whole numbers.
    case whole
    /// Powers of ten at equal distances, for positive numbers.
    case logarithmic
  }

  let range: ClosedRange<Double>
  let ticks: [Double]
  private let kind: Kind
  private let decimals: Int

  /// - Parameter count: the approximate number of ticks.
  init(_ range: ClosedRange<Double>, _ kind: Kind = .linear, ticks count: Int) {
    self.range = range
    self.kind = kind
    if kind == .logarithmic {
      let powers = log10(range.lowerBound)...log10(range.upperBound)
      let isShort = 3 * (powers.upperBound - powers.lowerBound) < Double(count)
      let whole =
        isShort
        ? Array(stride(from: powers.lowerBound.rounded(.down), through: powers.upperBound, by: 1))
        : AxisScale(powers, .whole, ticks: count).ticks
      ticks = whole.flatMap { power in (isShort ? [1.0, 2, 5] : [1]).map { $0 * pow(10, power) } }
        .filter { range.contains($0) }
      decimals = 0
      return
    }
    let least = (range.upperBound - range.lowerBound) / Double(max(count, 1))
    let step = Self.step(kind == .whole ? max(least, 1) : least)
    let slack = 1e-9 * step
    let first = ((range.lowerBound - slack) / step).rounded(.up)
    let last = ((range.upperBound + slack) / step).rounded(.down)
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    decimals = max(0, Int(-log10(step * 1.0000001).rounded(.down)))
  }

  /// All labels of a scale that is not logarithmic have the same number of decimals.
  func label(_ tick: Double) -> String {
    if kind == .logarithmic { return tick.short }
    let text = String(format: "%.\(decimals)f", tick)
    return text.contains { $0 != "-" && $0 != "0" && $0 != "." } ? text : text.replacing("-", with: "")
  }

  var widestLabel: Int { ticks.map { label($0).count }.max() ?? 1 }

  /// The position of a number: 0 at the beginning of the range, 1 at its end.
  func position(_ x: Double) -> Double {
    if kind == .logarithmic { return log(x / range.lowerBound) / log(range.upperBound / range.lowerBound) }
    return (x - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    let factor = [1.0, 2, 5].first { $0 * power >= least * 0.9999999 } ?? 10
    return factor * power
  }
}
