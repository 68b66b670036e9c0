/// The places of a diagram's boxes and arrows, nested models in frames.
struct DiagramLayout {
  struct PlacedBox {
    let box: ModelDiagram.Box
    let text: BoxText
    var rectangle: Rectangle
  }
  struct PlacedArrow {
    /// As in ``LayeredLayout/ways``.
    var points: [Point]
    /// Whether the arrow ends at a box, not at a port.
    let hasHead: Bool
  }

  /// Frames stand before the boxes in them.
  private(set) var boxes: [PlacedBox] = []
  private(set) var arrows: [PlacedArrow] = []
  let width: Double
  let height: Double
  /// The horizontal places of the ports.
  private let inputs: [Double]
  private let outputs: [Double]

  static let titleHeight = 26.0
  static let margin = 16.0

  init(_ diagram: ModelDiagram) {
    let texts = diagram.boxes.map { BoxText($0) }
    let frames = diagram.boxes.indices.map { index in
      diagram.boxes[index].inner.map { Frame(DiagramLayout($0), texts[index]) }
    }
    var places = diagram.boxes.indices.map { index in
      if let frame = frames[index] { return frame.box }
      let isPort = diagram.boxes[index].kind == .port
      return LayeredLayout.Box(width: isPort ? 0 : texts[index].width, height: isPort ? 0 : BoxText.height)
    }
    for port in diagram.outputs { places[port].isLowest = true }
    let layout = LayeredLayout(places, diagram.arrows)
    (width, height) = (layout.width, layout.height)
    inputs = diagram.inputs.map { layout.rectangles[$0].x }
    outputs = diagram.outputs.map { layout.rectangles[$0].x }
    for (index, box) in diagram.boxes.enumerated() where box.kind != .port {
      let rectangle = layout.rectangles[index]
      boxes.append(PlacedBox(box: box, text: texts[index], rectangle: rectangle))
      if let frame = frames[index] { add(frame, in: rectangle) }
    }
    arrows += zip(diagram.arrows, layout.ways).map { arrow, points in
      var points = points
      // The line from a port begins at the frame, above the title's line.
      if diagram.boxes[arrow.source].kind == .port { points[0].y = -Self.titleHeight }
      return PlacedArrow(points: points, hasHead: diagram.boxes[arrow.target].kind != .port)
    }
  }

  /// The place of a nested model's diagram in its frame.
  private struct Frame {
    let layout: DiagramLayout
    let left: Double
    let box: LayeredLayout.Box

    init(_ layout: DiagramLayout, _ text: BoxText) {
      // Lines to the inputs pass the title at its right.
      let first = layout.inputs.min() ?? 0
      left = max(DiagramLayout.margin, text.titleWidth + 2 * DiagramLayout.margin - first)
      self.layout = layout
      box = LayeredLayout.Box(
        width: left + layout.width + DiagramLayout.margin, height: DiagramLayout.titleHeight + layout.height,
        inputs: layout.inputs.map { [left] in $0 + left }, outputs: layout.outputs.map { [left] in $0 + left })
    }
  }

  private mutating func add(_ frame: Frame, in rectangle: Rectangle) {
    let (x, y) = (rectangle.x + frame.left, rectangle.y + Self.titleHeight)
    for var box in frame.layout.boxes {
      box.rectangle.x += x
      box.rectangle.y += y
      boxes.append(box)
    }
    for var arrow in frame.layout.arrows {
      arrow.points = arrow.points.map { Point(x: $0.x + x, y: $0.y + y) }
      arrows.append(arrow)
    }
  }
}
