/// Draws charts. Series of one chart differ in markers too, filled on solid and hollow on dashed lines, so that the
/// drawing can be read without colours.
struct SVGChart {
  private let chart: Chart
  private let width: Double
  private let height: Double
  private let xScale: AxisScale
  private let yScale: AxisScale
  private var svg: SVG
  /// The identifier of the area to which curves are clipped, which differs from those of other charts.
  private let frame: String

  static let font = "Helvetica, Arial, DejaVu Sans, sans-serif"
  private static let dashes = "7 4"
  private static let markersOnCurve = 7

  static func document(_ chart: Chart, width: Int, height: Int) -> String {
    let title = chart.title ?? chart.description
    return SVG.document(width: Double(width), height: Double(height), font: font, fontSize: 13, title: title) { svg in
      if chart.title != nil { svg.element("desc", [:], content: chart.description) }
      svg.element("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
      draw(chart, 0, width: Double(width), height: Double(height), to: &svg)
    }
  }

  /// Charts in rows of two, each of the given size.
  static func document(_ charts: [Chart], title: String, width: Int, height: Int) -> String {
    let columns = min(charts.count, 2)
    let rows = (charts.count + 1) / 2
    let size = Point(x: Double(columns * width), y: Double(rows * height))
    return SVG.document(width: size.x, height: size.y, font: font, fontSize: 13, title: title) { svg in
      svg.element("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
      for (index, chart) in charts.enumerated() {
        svg.begin("g", ["transform": "translate(\(index % columns * width) \(index / columns * height))"])
        draw(chart, index, width: Double(width), height: Double(height), to: &svg)
        svg.end()
      }
    }
  }

  private static func draw(_ chart: Chart, _ number: Int, width: Double, height: Double, to svg: inout SVG) {
    var drawing = SVGChart(chart, number, width: width, height: height, svg)
    drawing.draw()
    svg = drawing.svg
  }

  private init(_ chart: Chart, _ number: Int, width: Double, height: Double, _ svg: SVG) {
    self.chart = chart
    self.width = width
    self.height = height
    self.svg = svg
    frame = number == 0 ? "frame" : "frame\(number)"
    xScale = AxisScale(chart.xRange, chart.xKind, ticks: Int(width / 80))
    yScale = AxisScale(chart.yRange, chart.yKind, ticks: Int(height / 55))
  }

  // MARK: Places

  private var left: Double { 20 + 7.5 * Double(yScale.widestLabel) }
  private var right: Double { width - 16 }
  private var top: Double { chart.title == nil ? 16 : 42 }
  private var bottom: Double { height - (chart.xLabel == nil ? 34 : 50) }

  private func place(_ point: Point) -> Point {
    Point(
      x: left + xScale.position(point.x) * (right - left), y: bottom - yScale.position(point.y) * (bottom - top))
  }

  private func isInside(_ place: Point) -> Bool { (left...right).contains(place.x) && (top...bottom).contains(place.y) }

  // MARK: Parts

  private mutating func draw() {
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
    if let label = chart.xLabel {
      svg.element(
        "text",
        [
          "x": SVG.number((left + right) / 2), "y": SVG.number(height - 12), "text-anchor": "middle", "fill": "#333333",
        ],
        content: label)
    }
  }

  private mutating func drawGrid() {
    func line(_ from: Point, _ to: Point) -> SVG.Attributes {
      ["x1": SVG.number(from.x), "y1": SVG.number(from.y), "x2": SVG.number(to.x), "y2": SVG.number(to.y)]
    }
    let vertical = xScale.ticks.map { place(Point(x: $0, y: yScale.range.lowerBound)).x }
    let horizontal = yScale.ticks.map { place(Point(x: xScale.range.lowerBound, y: $0)).y }
    svg.begin("g", ["stroke": "#dddddd", "stroke-width": "1"])
    for x in vertical { svg.element("line", line(Point(x: x, y: top), Point(x: x, y: bottom))) }
    for y in horizontal { svg.element("line", line(Point(x: left, y: y), Point(x: right, y: y))) }
    svg.end()
    svg.begin("g", ["stroke": "#888888", "stroke-width": "1.2"])
    if xScale.range.contains(0) {
      let x = place(Point(x: 0, y: yScale.range.lowerBound)).x
      svg.element("line", line(Point(x: x, y: top), Point(x: x, y: bottom)))
    }
    if yScale.range.contains(0) {
      let y = place(Point(x: xScale.range.lowerBound, y: 0)).y
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
    svg.begin("clipPath", ["id": frame])
    svg.element(
      "rect",
      [
        "x": SVG.number(left), "y": SVG.number(top), "width": SVG.number(right - left),
        "height": SVG.number(bottom - top),
      ])
    svg.end()
    svg.begin("g", ["clip-path": "url(#\(frame))", "fill": "none", "stroke-width": "2.2", "stroke-linejoin": "round"])
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
    if chart.series.count == 1 && !chart.hasPoints { return }
    for (index, series) in chart.series.enumerated() {
      svg.begin("g", ["stroke": SeriesStyle(index).colour, "stroke-width": "1.5"])
      for (curve, isDashed) in curves(series) {
        for place in chart.hasPoints ? curve.points.map(place) : markers(on: curve, index, isDashed)
        where isInside(place) {
          draw(SeriesStyle(index), at: place, isHollow: isDashed)
        }
      }
      svg.end()
    }
  }

  private func curves(_ series: Chart.Series) -> [(Curve, isDashed: Bool)] {
    [series.solid.map { ($0, false) }, series.dashed.map { ($0, true) }].compactMap { $0 }
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
          text: isDashed ? series.dashedLabel : series.label, style: SeriesStyle(0), isDashed: isDashed,
          hasMarker: chart.hasPoints)
      }
    }
    let lines = chart.series.enumerated().map { index, series in
      LegendLine(text: series.label, style: SeriesStyle(index), isDashed: series.solid == nil)
    }
    guard let meanings = chart.meanings, chart.hasDashed else { return lines }
    let dashed = LegendLine(text: meanings.dashed, style: nil, isDashed: true, hasMarker: false)
    if !chart.hasSolid { return lines + [dashed] }
    return lines + [LegendLine(text: meanings.solid, style: nil, isDashed: false, hasMarker: false), dashed]
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
    let places = chart.series.flatMap(\.curves).flatMap(\.lines).flatMap { Self.filled($0.map(place)) }
    func covered(_ corner: Point) -> Int {
      places.count {
        $0.x > corner.x - 4 && $0.x < corner.x + size.x + 4 && $0.y > corner.y - 4 && $0.y < corner.y + size.y + 4
      }
    }
    return corners.min { covered($0) < covered($1) }!
  }

  /// The points of a line, with others between those that are far apart.
  private static func filled(_ line: [Point]) -> [Point] {
    zip(line, line.dropFirst()).flatMap { from, to in
      let count = max(1, (max(abs(to.x - from.x), abs(to.y - from.y)) / 4).rounded(.up))
      return stride(from: 0, to: 1, by: 1 / count).map { part in
        Point(x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y))
      }
    } + line.suffix(1)
  }
}
