/// How elements between others are computed.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
  /// The element that is nearest.
  case nearest
  /// The line between neighbours.
  case bilinear
  /// Cubic polynomials through four neighbours, with Keys's parameter -0.5.
  case bicubic
  /// The windowed sinc function over six neighbours.
  case lanczos3
  /// The windowed sinc function over ten neighbours.
  case lanczos5
}

extension Interpolation: CustomStringConvertible {
  /// The value as source code.
  public var description: String { rawValue }
}
