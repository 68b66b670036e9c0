/// The points of a line without those that are on it within a tolerance.
func simplified(_ points: [Point], tolerance: Double) -> [Point] {
  guard points.count > 2 else { return points }
  var keeps = points.map { _ in false }
  (keeps[0], keeps[points.count - 1]) = (true, true)
  var open = [0..<points.count - 1]
  while let span = open.popLast() {
    let (start, end) = (points[span.lowerBound], points[span.upperBound])
    let inner = span.dropFirst()
    guard let furthest = inner.max(by: { distance(points[$0], start, end) < distance(points[$1], start, end) }),
      distance(points[furthest], start, end) > tolerance
    else { continue }
    keeps[furthest] = true
    open += [span.lowerBound..<furthest, furthest..<span.upperBound]
  }
  return points.indices.filter { keeps[$0] }.map { points[$0] }
}

/// The distance from a point to the line through two others.
private func distance(_ point: Point, _ start: Point, _ end: Point) -> Double {
  let (dx, dy) = (end.x - start.x, end.y - start.y)
  let length = (dx * dx + dy * dy).squareRoot()
  let (px, py) = (point.x - start.x, point.y - start.y)
  return length == 0 ? (px * px + py * py).squareRoot() : abs(dx * py - dy * px) / length
}
