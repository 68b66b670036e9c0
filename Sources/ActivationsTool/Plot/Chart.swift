/// Curves over one axis: solid ones, and dashed ones that belong to them.
struct Chart {
  struct Series {
    let label: String
    let dashedLabel: String
    let solid: Curve?
    let dashed: Curve?

    var curves: [Curve] { [solid, dashed].compactMap { $0 } }
  }

  let title: String?
  let description: String
  let series: [Series]
  /// What solid and dashed lines are, if series have both.
  var meanings: (solid: String, dashed: String)?
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  var xKind = AxisScale.Kind.linear
  var yKind = AxisScale.Kind.linear
  var xLabel: String?
  /// Whether the curves' points are marked.
  var hasPoints = false

  var hasSolid: Bool { series.contains { $0.solid != nil } }
  var hasDashed: Bool { series.contains { $0.dashed != nil } }
}
