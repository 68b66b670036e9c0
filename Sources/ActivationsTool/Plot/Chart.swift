import Activations
import Tensor

/// Activations over a range: the curves of their values, their derivatives or both.
struct Chart {
  struct Series {
    let label: String
    let value: Curve?
    let derivative: Curve?

    var curves: [Curve] { [value, derivative].compactMap { $0 } }
  }

  enum Content: Hashable { case both, values, derivatives }

  let title: String?
  let content: Content
  let series: [Series]
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>

  /// - Parameter yRange: by default, the range of the curves, limited to the distance of x from zero.
  init(
    _ specifications: [CurveSpecification], title: String?, content: Content, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>?
  ) throws {
    self.title = title
    self.content = content
    self.xRange = xRange
    series = try specifications.map { specification in
      let f = specification.activation
      return Series(
        label: specification.label,
        value: content == .derivatives ? nil : try Curve(over: xRange) { try f($0) },
        derivative: content == .values ? nil : try Curve(over: xRange) { try f.derivative(at: $0) })
    }
    self.yRange = yRange ?? Self.height(of: series.flatMap(\.curves), xRange)
  }

  private static func height(of curves: [Curve], _ xRange: ClosedRange<Double>) -> ClosedRange<Double> {
    let limit = max(abs(xRange.lowerBound), abs(xRange.upperBound), 1)
    let values = curves.flatMap(\.points).map { min(max($0.y, -limit), limit) }
    guard let lowest = values.min(), let highest = values.max() else { return -1...1 }
    let margin = max((highest - lowest) * 0.04, 1e-3 * max(abs(highest), abs(lowest), 1))
    return lowest - margin...highest + margin
  }
}
