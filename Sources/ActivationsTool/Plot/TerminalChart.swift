/// Draws a chart with characters: solid lines, and dots with gaps for dashed ones, both marked by letters.
struct TerminalChart {
  private let chart: Chart
  private let style: TextStyle
  private let xScale: AxisScale
  private let yScale: AxisScale
  private let margin: Int
  private var canvas: BrailleCanvas
  private var marks: [Int: (text: String, colour: Int)] = [:]

  static func text(_ chart: Chart, columns: Int, rows: Int, style: TextStyle) -> String {
    var drawing = TerminalChart(chart, columns: columns, rows: rows, style: style)
    for (index, series) in chart.series.enumerated() {
      if let solid = series.solid { drawing.draw(solid, index, isDashed: false) }
      if let dashed = series.dashed { drawing.draw(dashed, index, isDashed: true) }
    }
    return drawing.lines.joined(separator: "\n")
  }

  private init(_ chart: Chart, columns: Int, rows: Int, style: TextStyle) {
    self.chart = chart
    self.style = style
    let legend = chart.series.count * (chart.hasSolid && chart.hasDashed ? 2 : 1)
    let plotRows = max(6, rows - legend - 2 - (chart.title == nil ? 0 : 1))
    xScale = AxisScale(chart.xRange, chart.xKind, ticks: max(2, columns / 12))
    yScale = AxisScale(chart.yRange, chart.yKind, ticks: max(2, plotRows / 3))
    margin = yScale.widestLabel + 1
    canvas = BrailleCanvas(columns: max(10, columns - margin - 1), rows: plotRows)
  }

  // MARK: Curves

  private static func letter(_ index: Int, isDashed: Bool) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return isDashed ? letter.uppercased() : letter
  }

  private mutating func draw(_ curve: Curve, _ index: Int, isDashed: Bool) {
    let colour = SeriesStyle(index).terminalColour
    func dot(_ point: Point) -> (x: Int, y: Int) {
      let (x, y) = (xScale.position(point.x), yScale.position(point.y))
      return (Int((x * Double(canvas.width - 1)).rounded()), Int(((1 - y) * Double(canvas.height - 1)).rounded()))
    }
    func shows(_ x: Int) -> Bool { !isDashed || x % 4 < 2 }
    var places: [(x: Int, y: Int)] = []
    for line in curve.lines {
      var last: (x: Int, y: Int)?
      for point in line {
        guard yScale.range.contains(point.y) else {
          last = nil
          continue
        }
        for place in way(from: last, to: dot(point)) {
          places.append(place)
          if shows(place.x) { canvas.set(place.x, place.y, colour: colour) }
          if let last, abs(place.y - last.y) > 1, shows(place.x) {
            for y in min(last.y, place.y)...max(last.y, place.y) { canvas.set(place.x, y, colour: colour) }
          }
          last = place
        }
      }
    }
    mark(places, Self.letter(index, isDashed: isDashed), colour, 2 * index + (isDashed ? 1 : 0))
  }

  /// A place in each column after the last one.
  private func way(from last: (x: Int, y: Int)?, to place: (x: Int, y: Int)) -> [(x: Int, y: Int)] {
    guard let last, place.x - last.x > 1 else { return [place] }
    return (last.x + 1...place.x).map { x in
      (x, last.y + Int((Double((place.y - last.y) * (x - last.x)) / Double(place.x - last.x)).rounded()))
    }
  }

  /// Places a curve's letters where other curves do not have theirs.
  private mutating func mark(_ places: [(x: Int, y: Int)], _ letter: String, _ colour: Int, _ number: Int) {
    if chart.series.count == 1 && !(chart.hasSolid && chart.hasDashed) { return }
    let count = 2 * chart.series.count
    for part in [0.12, 0.5, 0.88] {
      let wanted = Int((part + 0.2 * (Double(number) / Double(count) - 0.5)) * Double(canvas.width))
      guard let place = places.min(by: { abs($0.x - wanted) < abs($1.x - wanted) }) else { continue }
      let cell = place.y / 4 * canvas.columns + place.x / 2
      if marks[cell] == nil && abs(place.x - wanted) < 4 { marks[cell] = (letter, colour) }
    }
  }

  // MARK: Text

  private var lines: [String] {
    var lines = chart.title.map { [style.bold($0)] } ?? []
    let rowsOfTicks = Dictionary(
      yScale.ticks.map { (row($0), yScale.label($0)) }, uniquingKeysWith: { first, _ in first })
    for row in 0..<canvas.rows {
      let label = (rowsOfTicks[row] ?? "").padded(left: margin - 1)
      lines.append(style.faint(label + (rowsOfTicks[row] == nil ? " │" : " ┤")) + text(row))
    }
    lines.append(contentsOf: axis)
    for (index, series) in chart.series.enumerated() {
      let colour = SeriesStyle(index).terminalColour
      if series.solid != nil { lines.append(legend(index, series.label, colour, isDashed: false)) }
      if series.dashed != nil { lines.append(legend(index, series.dashedLabel, colour, isDashed: true)) }
    }
    return lines
  }

  private func legend(_ index: Int, _ text: String, _ colour: Int, isDashed: Bool) -> String {
    let letter = Self.letter(index, isDashed: isDashed)
    return String(repeating: " ", count: margin + 1) + style.coloured((isDashed ? "╌╌" : "──") + letter, colour)
      + " " + text
  }

  private func row(_ y: Double) -> Int {
    Int(((1 - yScale.position(y)) * Double(canvas.height - 1)).rounded()) / 4
  }

  private func column(_ x: Double) -> Int { Int((xScale.position(x) * Double(canvas.width - 1)).rounded()) / 2 }

  private func text(_ row: Int) -> String {
    let zeroRow = yScale.range.contains(0) ? self.row(0) : -1
    let zeroColumn = xScale.range.contains(0) ? column(0) : -1
    return (0..<canvas.columns).map { column in
      if let mark = marks[row * canvas.columns + column] { return style.bold(style.coloured(mark.text, mark.colour)) }
      if let (text, colour) = canvas.character(column: column, row: row) { return style.coloured(text, colour) }
      if row == zeroRow { return style.faint(column == zeroColumn ? "┼" : "─") }
      return column == zeroColumn ? style.faint("│") : " "
    }.joined()
  }

  private var axis: [String] {
    var line = Array(repeating: "─", count: canvas.columns)
    var labels = Array(repeating: " ", count: canvas.columns + 8)
    for tick in xScale.ticks {
      let column = column(tick)
      line[column] = "┬"
      let label = xScale.label(tick).map(String.init)
      let start = max(0, column - (label.count - 1) / 2 - (label.first == "-" ? 1 : 0))
      for (offset, character) in label.enumerated() where start + offset < labels.count {
        labels[start + offset] = character
      }
    }
    let space = String(repeating: " ", count: margin)
    return [
      style.faint(space + "└" + line.joined()),
      style.faint(space + " " + labels.joined()).trimmedEnd,
    ]
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
