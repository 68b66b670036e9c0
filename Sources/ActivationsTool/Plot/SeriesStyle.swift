/// The appearance of one of several series, which differ in colour and, without colours, in marker.
struct SeriesStyle {
  /// For paper and screens.
  let colour: String
  /// For terminals, from the palette of 256.
  let terminalColour: Int
  let marker: Marker

  enum Marker: CaseIterable { case circle, square, triangle, diamond, cross, plus, pentagon, invertedTriangle }

  /// Source: Okabe, Ito, "Color universal design", 2008: colours that people with any colour vision can distinguish,
  /// without the yellow, which is too bright for thin lines.
  private static let colours: [(String, Int)] = [
    ("#0072B2", 32), ("#D55E00", 166), ("#009E73", 36), ("#CC79A7", 175), ("#000000", 250), ("#56B4E9", 75),
    ("#E69F00", 178),
  ]

  init(_ index: Int) {
    (colour, terminalColour) = Self.colours[index % Self.colours.count]
    marker = Marker.allCases[index % Marker.allCases.count]
  }
}

extension SeriesStyle.Marker {
  /// The corners around a centre; `nil` for a circle.
  func corners(_ center: Point, radius: Double) -> [Point] {
    func corner(_ x: Double, _ y: Double) -> Point { Point(x: center.x + x * radius, y: center.y + y * radius) }
    return switch self {
    case .circle: []
    case .square: [corner(-0.85, -0.85), corner(0.85, -0.85), corner(0.85, 0.85), corner(-0.85, 0.85)]
    case .triangle: [corner(0, -1.15), corner(1.05, 0.8), corner(-1.05, 0.8)]
    case .invertedTriangle: [corner(0, 1.15), corner(-1.05, -0.8), corner(1.05, -0.8)]
    case .diamond: [corner(0, -1.3), corner(1.1, 0), corner(0, 1.3), corner(-1.1, 0)]
    case .pentagon: [corner(0, -1.1), corner(1.05, -0.3), corner(0.65, 0.9), corner(-0.65, 0.9), corner(-1.05, -0.3)]
    case .cross:
      [(-1.1, -0.7), (-0.7, -1.1), (0, -0.4), (0.7, -1.1), (1.1, -0.7), (0.4, 0)].map(corner)
        + [(1.1, 0.7), (0.7, 1.1), (0, 0.4), (-0.7, 1.1), (-1.1, 0.7), (-0.4, 0)].map(corner)
    case .plus:
      [(-0.3, -1.2), (0.3, -1.2), (0.3, -0.3), (1.2, -0.3), (1.2, 0.3), (0.3, 0.3)].map(corner)
        + [(0.3, 1.2), (-0.3, 1.2), (-0.3, 0.3), (-1.2, 0.3), (-1.2, -0.3), (-0.3, -0.3)].map(corner)
    }
  }
}
