import Activations
import Tensor

extension Chart {
  enum Content: Hashable { case both, values, derivatives }

  /// Activations over a range: their values as solid and their derivatives as dashed lines, or one of the two.
  /// - Parameter yRange: by default, the range of the curves, limited to the distance of x from zero.
  init(
    _ specifications: [CurveSpecification], title: String?, content: Content, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>?
  ) throws {
    let series = try specifications.map { specification in
      let f = specification.activation
      return Series(
        label: specification.label, dashedLabel: "derivative of \(specification.label)",
        solid: content == .derivatives ? nil : try Curve(over: xRange) { try f($0) },
        dashed: content == .values ? nil : try Curve(over: xRange) { try f.derivative(at: $0) })
    }
    let what =
      switch content {
      case .both: ": values and derivatives"
      case .values: ""
      case .derivatives: ": derivatives"
      }
    self.init(
      title: title, description: series.map(\.label).joined(separator: ", ") + what, series: series,
      meanings: ("value", "derivative"), xRange: xRange,
      yRange: yRange ?? Self.height(of: series.flatMap(\.curves), xRange))
  }

  private static func height(of curves: [Curve], _ xRange: ClosedRange<Double>) -> ClosedRange<Double> {
    let limit = max(abs(xRange.lowerBound), abs(xRange.upperBound), 1)
    let values = curves.flatMap(\.points).map { min(max($0.y, -limit), limit) }
    guard let lowest = values.min(), let highest = values.max() else { return -1...1 }
    let margin = max((highest - lowest) * 0.04, 1e-3 * max(abs(highest), abs(lowest), 1))
    return lowest - margin...highest + margin
  }
}
