/// Draws a chart with values as solid and derivatives as dashed lines. Several activations also differ in markers,
/// filled on values and hollow on derivatives, so that the drawing can be read without colours.
struct SVGChart {
  private let chart: Chart
  private let width: Double
  private let height: Double
  private let xScale: AxisScale
  private let yScale: AxisScale
  private var svg = SVG()

  private static let font = "Helvetica, Arial, DejaVu Sans, sans-serif"
  private static let dashes = "7 4"
  private static let markersOnCurve = 7

  static func document(_ chart: Chart, width: Int, height: Int) -> String {
    var drawing = SVGChart(chart, width: Double(width), height: Double(height))
    drawing.draw()
    return drawing.svg.document
  }

  private init(_ chart: Chart, width: Double, height: Double) {
    self.chart = chart
    self.width = width
    self.height = height
    xScale = AxisScale(chart.xRange, ticks: Int(width / 80))
    yScale = AxisScale(chart.yRange, ticks: Int(height / 55))
  }

  // MARK: Places

  private var left: Double { 20 + 7.5 * Double(yScale.widestLabel) }
  private var right: Double { width - 16 }
  private var top: Double { chart.title == nil ? 16 : 42 }
  private var bottom: Double { height - 34 }

  private func place(_ point: Point) -> Point {
    Point(
      x: left + xScale.position(point.x) * (right - left), y: bottom - yScale.position(point.y) * (bottom - top))
  }

  private func isInside(_ place: Point) -> Bool { (left...right).contains(place.x) && (top...bottom).contains(place.y) }

  // MARK: Parts

  private mutating func draw() {
    svg.begin(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": SVG.number(width), "height": SVG.number(height),
        "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))", "role": "img", "font-family": Self.font,
        "font-size": "13",
      ])
    svg.element("title", [:], content: chart.title ?? description)
    if chart.title != nil { svg.element("desc", [:], content: description) }
    svg.element("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
    drawGrid()
    drawCurves()
    drawLegend()
    if let title = chart.title {
      svg.element(
        "text",
        [
          "x": SVG.number((left + right) / 2), "y": "27", "text-anchor": "middle", "font-size": "16",
          "font-weight": "bold", "fill": "#111111",
        ], content: title)
    }
    svg.end()
  }

  private var description: String {
    let names = chart.series.map(\.label).joined(separator: ", ")
    switch chart.content {
    case .both: return "\(names): values and derivatives"
    case .values: return names
    case .derivatives: return "\(names): derivatives"
    }
  }

  private mutating func drawGrid() {
    func line(_ from: Point, _ to: Point) -> SVG.Attributes {
      ["x1": SVG.number(from.x), "y1": SVG.number(from.y), "x2": SVG.number(to.x), "y2": SVG.number(to.y)]
    }
    let vertical = xScale.ticks.map { place(Point(x: $0, y: 0)).x }
    let horizontal = yScale.ticks.map { place(Point(x: 0, y: $0)).y }
    svg.begin("g", ["stroke": "#dddddd", "stroke-width": "1"])
    for x in vertical { svg.element("line", line(Point(x: x, y: top), Point(x: x, y: bottom))) }
    for y in horizontal { svg.element("line", line(Point(x: left, y: y), Point(x: right, y: y))) }
    svg.end()
    svg.begin("g", ["stroke": "#888888", "stroke-width": "1.2"])
    if xScale.range.contains(0) {
      let x = place(Point(x: 0, y: 0)).x
      svg.element("line", line(Point(x: x, y: top), Point(x: x, y: bottom)))
    }
    if yScale.range.contains(0) {
      let y = place(Point(x: 0, y: 0)).y
      svg.element("line", line(Point(x: left, y: y), Point(x: right, y: y)))
    }
    svg.end()
    svg.element(
      "rect",
      [
        "x": SVG.number(left), "y": SVG.number(top), "width": SVG.number(right - left),
        "height": SVG.number(bottom - top), "fill": "none", "stroke": "#444444",
      ])
    svg.begin("g", ["fill": "#333333"])
    for (tick, x) in zip(xScale.ticks, vertical) {
      svg.element(
        "text", ["x": SVG.number(x), "y": SVG.number(bottom + 19), "text-anchor": "middle"], content: xScale.label(tick)
      )
    }
    for (tick, y) in zip(yScale.ticks, horizontal) {
      svg.element(
        "text", ["x": SVG.number(left - 7), "y": SVG.number(y + 4.5), "text-anchor": "end"],
        content: yScale.label(tick))
    }
    svg.end()
  }

  private mutating func drawCurves() {
    svg.begin("clipPath", ["id": "frame"])
    svg.element(
      "rect",
      [
        "x": SVG.number(left), "y": SVG.number(top), "width": SVG.number(right - left),
        "height": SVG.number(bottom - top),
      ])
    svg.end()
    svg.begin("g", ["clip-path": "url(#frame)", "fill": "none", "stroke-width": "2.2", "stroke-linejoin": "round"])
    for (index, series) in chart.series.enumerated() {
      let style = SeriesStyle(index)
      for (curve, isDashed) in curves(series) {
        for line in curve.lines {
          let path = SVG.path(simplified(line.map(place), tolerance: 0.05))
          if isDashed {
            svg.element("path", ["d": path, "stroke": style.colour, "stroke-dasharray": Self.dashes])
          } else {
            svg.element("path", ["d": path, "stroke": style.colour])
          }
        }
      }
    }
    svg.end()
    if chart.series.count == 1 { return }
    for (index, series) in chart.series.enumerated() {
      svg.begin("g", ["stroke": SeriesStyle(index).colour, "stroke-width": "1.5"])
      for (curve, isDashed) in curves(series) {
        for place in markers(on: curve, index, isDashed) where isInside(place) {
          draw(SeriesStyle(index), at: place, isHollow: isDashed)
        }
      }
      svg.end()
    }
  }

  private func curves(_ series: Chart.Series) -> [(Curve, isDashed: Bool)] {
    [series.value.map { ($0, false) }, series.derivative.map { ($0, true) }].compactMap { $0 }
  }

  /// The positions of markers: those of other curves are between them.
  private func markers(on curve: Curve, _ index: Int, _ isDashed: Bool) -> [Point] {
    let count = Double(2 * chart.series.count)
    let offset = (Double(2 * index + (isDashed ? 1 : 0)) + 0.5) / count
    let points = curve.points
    return (0..<Self.markersOnCurve).compactMap { number in
      let x = left + (right - left) * (Double(number) + offset) / Double(Self.markersOnCurve)
      return points.lazy.map(place).min { abs($0.x - x) < abs($1.x - x) }
    }
  }

  private mutating func draw(_ style: SeriesStyle, at place: Point, isHollow: Bool) {
    let fill = isHollow ? "#ffffff" : style.colour
    let corners = style.marker.corners(place, radius: 4.2)
    if corners.isEmpty {
      svg.element("circle", ["cx": SVG.number(place.x), "cy": SVG.number(place.y), "r": "4.2", "fill": fill])
    } else {
      svg.element("path", ["d": SVG.path(corners, isClosed: true), "fill": fill])
    }
  }

  // MARK: Legend

  private struct LegendLine {
    let text: String
    let style: SeriesStyle?
    let isDashed: Bool
    var hasMarker = true
  }

  private var legend: [LegendLine] {
    guard chart.series.count > 1 else {
      let series = chart.series[0]
      return curves(series).map { _, isDashed in
        LegendLine(
          text: isDashed ? "derivative of \(series.label)" : series.label, style: SeriesStyle(0), isDashed: isDashed,
          hasMarker: false)
      }
    }
    let activations = chart.series.enumerated().map { index, series in
      LegendLine(text: series.label, style: SeriesStyle(index), isDashed: chart.content == .derivatives)
    }
    if chart.content == .values { return activations }
    let derivative = LegendLine(text: "derivative", style: nil, isDashed: true, hasMarker: false)
    if chart.content == .derivatives { return activations + [derivative] }
    return activations + [LegendLine(text: "value", style: nil, isDashed: false, hasMarker: false), derivative]
  }

  private mutating func drawLegend() {
    let lines = legend
    let size = Point(x: 58 + 7.2 * Double(lines.map(\.text.count).max() ?? 0), y: 12 + 20 * Double(lines.count))
    let corner = freestCorner(size)
    svg.element(
      "rect",
      [
        "x": SVG.number(corner.x), "y": SVG.number(corner.y), "width": SVG.number(size.x),
        "height": SVG.number(size.y), "rx": "4", "fill": "#ffffff", "fill-opacity": "0.88", "stroke": "#bbbbbb",
      ])
    for (index, line) in lines.enumerated() {
      let y = corner.y + 16 + 20 * Double(index)
      let colour = line.style?.colour ?? "#444444"
      let path = SVG.path([Point(x: corner.x + 8, y: y), Point(x: corner.x + 40, y: y)])
      svg.begin("g", ["stroke": colour, "stroke-width": "2.2"])
      if line.isDashed {
        svg.element("path", ["d": path, "stroke-dasharray": Self.dashes])
      } else {
        svg.element("path", ["d": path])
      }
      if let style = line.style, line.hasMarker {
        draw(style, at: Point(x: corner.x + 24, y: y), isHollow: line.isDashed)
      }
      svg.end()
      svg.element(
        "text", ["x": SVG.number(corner.x + 48), "y": SVG.number(y + 4.5), "fill": "#111111"], content: line.text)
    }
  }

  /// The corner in which a box covers the fewest points of curves.
  private func freestCorner(_ size: Point) -> Point {
    let gap = 10.0
    let corners = [
      Point(x: left + gap, y: top + gap), Point(x: right - gap - size.x, y: top + gap),
      Point(x: right - gap - size.x, y: bottom - gap - size.y), Point(x: left + gap, y: bottom - gap - size.y),
    ]
    let places = chart.series.flatMap(\.curves).flatMap(\.points).map(place)
    func covered(_ corner: Point) -> Int {
      places.count {
        $0.x > corner.x - 4 && $0.x < corner.x + size.x + 4 && $0.y > corner.y - 4 && $0.y < corner.y + size.y + 4
      }
    }
    return corners.min { covered($0) < covered($1) }!
  }
}
