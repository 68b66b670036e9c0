/// A choice of axes: an `Int`, an `[Int]`, or `.all` of them. Negative axes count from the last.
public protocol Axes: Sendable {
  /// The axes as they are given; nil stands for all.
  static func list(of axes: Self) -> [Int]?
}

/// Every axis, written `.all`.
public struct AllAxes: Axes {
  public static func list(of axes: Self) -> [Int]? { nil }
}

extension Axes where Self == AllAxes {
  /// Every axis.
  public static var all: AllAxes { AllAxes() }
}

extension Int: Axes {
  public static func list(of axis: Int) -> [Int]? { [axis] }
}

extension Array: Axes where Element == Int {
  public static func list(of axes: [Int]) -> [Int]? { axes }
}

extension Axes {
  /// The axes as they are given; nil stands for all.
  package var list: [Int]? { Self.list(of: self) }
}

/// An axis of a tensor, counted from the front.
/// - Precondition: the axis exists.
package func resolvedAxis(_ axis: Int, rank: Int) -> Int {
  guard let axis = Layout.resolved(axis: axis, rank: rank) else {
    trap("axis \(axis) of a tensor of rank \(rank); allowed: \(-rank) to \(rank - 1)")
  }
  return axis
}

/// The axes chosen of a tensor, counted from the front, in ascending order, each once.
/// - Precondition: all axes exist and are different.
package func resolvedAxes(_ axes: some Axes, rank: Int) -> [Int] {
  guard var resolved = axes.list else { return Array(0..<rank) }
  for place in resolved.indices { resolved[place] = resolvedAxis(resolved[place], rank: rank) }
  if resolved.count < 2 { return resolved }
  resolved.sort()
  for place in 1..<resolved.count {
    require(resolved[place - 1] != resolved[place], "an axis is named twice in \(axes) (rank \(rank))")
  }
  return resolved
}
