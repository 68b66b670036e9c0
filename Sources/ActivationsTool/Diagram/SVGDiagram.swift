import Layers
import Tensor

/// Draws a model's layers, with the shapes of their outputs, as boxes, and what they take as arrows.
struct SVGDiagram {
  private let layout: DiagramLayout
  private var svg: SVG

  private static let margin = 20.0
  private static let titleHeight = 34.0
  private static let titleFontSize = 14.0
  private static let head = (width: 4.0, length: 7.0)

  /// - Parameter title: by default, the model's name and class, and the number of its weights.
  static func document(_ model: Model<Float>, title: String? = nil) -> String {
    let count = model.weights.map(\.value.count).reduce(0, +)
    let title = (title ?? "\(model.name) (\(model.className), \(grouped(count)) weights)").onOneLine
    let layout = DiagramLayout(ModelDiagram(model))
    let width = max(layout.width, BoxText.width(title) * titleFontSize / BoxText.fontSize) + 2 * margin
    let height = layout.height + titleHeight + 2 * margin
    return SVG.document(width: width, height: height, font: BoxText.font, fontSize: BoxText.fontSize, title: title) {
      $0.element("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])
      var drawing = SVGDiagram(layout: layout, svg: $0)
      drawing.write(title, margin, margin + titleFontSize, "#111111", weight: "bold", size: titleFontSize)
      let left = SVG.number((width - layout.width) / 2)
      drawing.svg.begin("g", ["transform": "translate(\(left) \(SVG.number(margin + titleHeight)))"])
      drawing.draw()
      drawing.svg.end()
      $0 = drawing.svg
    }
  }

  private mutating func draw() {
    for box in layout.boxes where box.box.kind == .model { draw(box) }
    svg.begin("g", ["fill": "none", "stroke": "#555555", "stroke-width": "1.2", "stroke-linecap": "round"])
    for arrow in layout.arrows { svg.element("path", ["d": Self.path(arrow)]) }
    svg.end()
    svg.begin("g", ["fill": "#555555"])
    for arrow in layout.arrows where arrow.hasHead {
      let end = arrow.points[arrow.points.count - 1]
      let corners = [
        Point(x: end.x - Self.head.width, y: end.y - Self.head.length),
        Point(x: end.x + Self.head.width, y: end.y - Self.head.length), end,
      ]
      svg.element("path", ["d": SVG.path(corners, isClosed: true)])
    }
    svg.end()
    for box in layout.boxes where box.box.kind != .model { draw(box) }
  }

  /// Vertical lines and, between them, curves that are vertical at their ends.
  private static func path(_ arrow: DiagramLayout.PlacedArrow) -> String {
    var points = arrow.points
    if arrow.hasHead { points[points.count - 1].y -= head.length }
    var text = "M\(SVG.number(points[0].x)) \(SVG.number(points[0].y))"
    for (index, (from, to)) in zip(points, points.dropFirst()).enumerated() where from != to {
      if index.isMultiple(of: 2) || from.x == to.x {
        text += "V\(SVG.number(to.y))"
      } else {
        let middle = SVG.number((from.y + to.y) / 2)
        text +=
          "C\(SVG.number(from.x)) \(middle) \(SVG.number(to.x)) \(middle) \(SVG.number(to.x)) \(SVG.number(to.y))"
      }
    }
    return text
  }

  private mutating func draw(_ placed: DiagramLayout.PlacedBox) {
    let (rectangle, text, box) = (placed.rectangle, placed.text, placed.box)
    svg.begin("g", [:])
    if !box.description.isEmpty { svg.element("title", [:], content: box.description.onOneLine) }
    svg.element(
      "rect",
      [
        "x": SVG.number(rectangle.x), "y": SVG.number(rectangle.y), "width": SVG.number(rectangle.width),
        "height": SVG.number(rectangle.height), "rx": "5", "fill": box.kind.colour, "stroke": "#555555",
        "stroke-width": box.isOutput ? "2.4" : "1",
      ])
    let left = rectangle.x + BoxText.margin
    let right = rectangle.right - BoxText.margin
    let first = rectangle.y + BoxText.baselines.0
    let second = rectangle.y + BoxText.baselines.1
    write(text.name, left, first, "#111111", weight: "bold")
    if box.kind == .model {
      write(text.className, left + text.classPlace, first, "#444444")
    } else {
      write(text.className, right, first, "#444444", anchor: "end")
      write(text.shape, left, second, "#111111")
      write(text.activation, right, second, "#A03A00", anchor: "end")
    }
    svg.end()
  }

  private mutating func write(
    _ text: String, _ x: Double, _ y: Double, _ colour: String, weight: String = "normal", anchor: String = "start",
    size: Double = BoxText.fontSize
  ) {
    if text.isEmpty { return }
    svg.element(
      "text",
      [
        "x": SVG.number(x), "y": SVG.number(y), "fill": colour, "font-weight": weight, "text-anchor": anchor,
        "font-size": SVG.number(size),
      ], content: text)
  }
}

extension ModelDiagram.Box.Kind {
  /// Layers with kernels, with other weights, with several inputs, and others differ.
  fileprivate var colour: String {
    switch self {
    case .input: "#FFF3C4"
    case .multiplication: "#DCEAFA"
    case .weights: "#DDF2E3"
    case .joint: "#FADFD2"
    case .plain, .port: "#F3F3F3"
    case .model: "#FAFAFA"
    }
  }
}
