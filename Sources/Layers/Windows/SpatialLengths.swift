internal import Tensor

/// Lengths along the spatial axes of images, sequences and volumes: an `Int` for all axes, or an `[Int]` with one for
/// each.
public protocol SpatialLengths: Sendable {
  /// The lengths as they are given: one or several.
  static func list(of lengths: Self) -> [Int]
}

extension Int: SpatialLengths {
  public static func list(of length: Int) -> [Int] { [length] }
}

extension Array: SpatialLengths where Element == Int {
  public static func list(of lengths: [Int]) -> [Int] { lengths }
}

extension SpatialLengths {
  /// One length for each of `rank` axes.
  /// - Precondition: there is one length or one for each axis, and none is below `least`.
  func resolved(_ rank: Int, from least: Int = 1, _ name: String, of layer: String) -> [Int] {
    let given = Self.list(of: self)
    require(
      (given.count == 1 || given.count == rank) && given.allSatisfy { $0 >= least },
      "\(layer): \(name) is \(self); allowed: \(rank == 1 ? "an integer" : "one or \(rank) integers") of at least \(least)"
    )
    return given.count == rank ? given : [Int](repeating: given[0], count: rank)
  }
}
