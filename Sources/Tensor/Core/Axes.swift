/// A choice of axes: an `Int`, an `[Int]`, or all of them. Negative axes count from the last.
public protocol Axes {
  /// The axes chosen of a tensor, counted from the front, in ascending order, each once. Traps when one does not exist
  /// or is named twice.
  func resolved(rank: Int) -> [Int]
}

/// Every axis.
public struct AllAxes: Axes, Sendable {
  /// All axes.
  @inlinable public init() {}
  public func resolved(rank: Int) -> [Int] { Array(0..<rank) }
}

extension Int: Axes {
  public func resolved(rank: Int) -> [Int] { [resolvedAxis(rank: rank)] }

  /// This axis, counted from the front.
  package func resolvedAxis(rank: Int) -> Int {
    guard let axis = Layout.resolved(axis: self, rank: rank) else {
      trap("axis \(self) of a tensor of rank \(rank): allowed are \(-rank) to \(rank - 1)")
    }
    return axis
  }
}

extension Array: Axes where Element == Int {
  public func resolved(rank: Int) -> [Int] {
    let axes = map { $0.resolvedAxis(rank: rank) }.sorted()
    require(Set(axes).count == axes.count, "an axis is named twice in \(self) (rank \(rank))")
    return axes
  }
}
