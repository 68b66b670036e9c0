import Tensor

/// Draws the numbers of samples by label, in rows, and prediction, in columns: the larger its share of the row, the
/// darker a cell, right predictions in another colour than wrong ones.
enum SVGConfusionMatrix {
  private static let cell = 44.0
  private static let (left, top) = (70.0, 92.0)
  private static let margin = 20.0

  /// - Parameter counts: [labels, predictions].
  static func document(_ counts: Tensor<Int64>, title: String) -> String {
    let count = counts.shape[0]
    let (width, height) = (left + cell * Double(count) + margin, top + cell * Double(count) + margin)
    return SVG.document(width: width, height: height, font: SVGChart.font, fontSize: 13, title: title) { svg in
      func write(_ text: String, _ x: Double, _ y: Double, _ colour: String = "#111111", size: String = "13") {
        svg.element(
          "text",
          [
            "x": SVG.number(x), "y": SVG.number(y), "text-anchor": "middle", "fill": colour, "font-size": size,
          ], content: text)
      }
      svg.element("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
      let middle = cell * Double(count) / 2
      write(title, width / 2, 30, size: "16")
      write("predicted", left + middle, 60, "#333333")
      svg.begin("g", ["transform": "rotate(-90 24 \(SVG.number(top + middle)))"])
      write("label", 24, top + middle, "#333333")
      svg.end()
      for index in 0..<count {
        let place = cell * (Double(index) + 0.5)
        write("\(index)", left + place, top - 10)
        write("\(index)", left - 16, top + place + 4.5)
      }
      for (label, row) in counts.rows.enumerated() {
        let sum = Double(max(row.sum().scalar, 1))
        for (prediction, number) in row.scalars.enumerated() {
          let (x, y) = (left + cell * Double(prediction), top + cell * Double(label))
          let share = Double(number) / sum
          // Few wrong predictions are to be seen too.
          let opacity = number == 0 ? 0 : 0.15 + 0.85 * share
          svg.element(
            "rect",
            [
              "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(cell), "height": SVG.number(cell),
              "fill": label == prediction ? "#0072B2" : "#D55E00", "fill-opacity": SVG.number(opacity),
              "stroke": "#bbbbbb",
            ])
          if number > 0 { write("\(number)", x + cell / 2, y + cell / 2 + 4.5, opacity > 0.55 ? "#ffffff" : "#111111") }
        }
      }
    }
  }
}
