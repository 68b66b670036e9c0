import Activations
import Tensor

struct Point: Hashable {
  var x: Double
  var y: Double
}

/// A function of one number, as lines between points; at a jump, one line ends and another begins.
struct Curve {
  let lines: [[Point]]

  private static let sampleCount = 2001
  /// Differences between neighbours above this fraction of the total height are refined.
  private static let suspicion = 1.0 / 200

  init(over range: ClosedRange<Double>, _ function: (Tensor<Double>) throws -> Tensor<Double>) rethrows {
    let x = Tensor<Double>.linspace(range.lowerBound, range.upperBound, count: Self.sampleCount)
    let points = zip(x.scalars, try function(x).scalars).map { Point(x: $0, y: $1) }
    let values = points.map(\.y).filter(\.isFinite)
    let height = (values.max() ?? 0) - (values.min() ?? 0)
    var lines: [[Point]] = [[]]
    for point in points {
      if !point.y.isFinite {
        if !lines[lines.count - 1].isEmpty { lines.append([]) }
        continue
      }
      if let last = lines[lines.count - 1].last, abs(point.y - last.y) > Self.suspicion * height,
        let (before, after) = try Self.jump(last, point, function)
      {
        lines[lines.count - 1].append(before)
        lines.append([after])
      }
      lines[lines.count - 1].append(point)
    }
    self.lines = lines.filter { !$0.isEmpty }
  }

  /// Lines through points, without those that are not finite.
  init(through points: [Point]) { lines = points.split { !$0.y.isFinite }.map(Array.init) }

  var points: [Point] { lines.flatMap { $0 } }

  /// The two sides of a jump between two points, where halving the distance does not bring the values closer.
  private static func jump(
    _ first: Point, _ second: Point, _ function: (Tensor<Double>) throws -> Tensor<Double>
  ) rethrows -> (Point, Point)? {
    var (low, high) = (first, second)
    for _ in 0..<40 {
      let x = (low.x + high.x) / 2
      let middle = Point(x: x, y: try function(Tensor([x])).scalars[0])
      if abs(middle.y - low.y) > abs(high.y - middle.y) { high = middle } else { low = middle }
    }
    return abs(high.y - low.y) > abs(second.y - first.y) / 4 ? (low, high) : nil
  }
}
