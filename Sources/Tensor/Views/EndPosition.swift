/// A position counted from the end of an axis, for ends of ranges: NumPy's `x[1:-1]` is `x[1 ..< .end - 1]`.
///
/// ```swift
/// let inner = x[1 ..< .end - 1]           // neither the first row nor the last one
/// let last = x[(.end - 2)...]             // the last two
/// let others = x[..<(.end - 1)]           // all but the last one
/// ```
public struct EndPosition: Hashable, Sendable {
  /// How far before the end; 0 is behind the last element.
  fileprivate let distance: Int

  /// Behind the last element of an axis.
  public static var end: EndPosition { EndPosition(distance: 0) }

  /// So many elements before.
  /// - Precondition: the number is at least 0.
  public static func - (position: EndPosition, count: Int) -> EndPosition {
    require(count >= 0, "a position \(count) before the end of an axis; allowed: numbers of at least 0")
    return EndPosition(distance: position.distance + count)
  }

  /// As `Slice` counts: the end of an axis itself is none.
  fileprivate var position: Int? { distance == 0 ? nil : -distance }
  /// Behind the element at this position.
  fileprivate var successor: EndPosition { EndPosition(distance: max(distance - 1, 0)) }

  /// From a position up to but without the end.
  public static func ..< (start: Int, end: EndPosition) -> Slice { Slice(start, end.position) }
  /// From a position up to but without the end.
  public static func ..< (start: EndPosition, end: EndPosition) -> Slice {
    start.distance == 0 ? Slice(0, 0) : Slice(start.position, end.position)
  }
  /// From a position up to and with the last one.
  public static func ... (start: Int, last: EndPosition) -> Slice { start..<last.successor }
  /// From a position up to and with the last one.
  public static func ... (start: EndPosition, last: EndPosition) -> Slice { start..<last.successor }
  /// From a position on.
  public static postfix func ... (start: EndPosition) -> Slice { start ..< .end }
  /// Up to but without the end.
  public static prefix func ..< (end: EndPosition) -> Slice { Slice(nil, end.position) }
  /// Up to and with the last position.
  public static prefix func ... (last: EndPosition) -> Slice { ..<last.successor }
}
