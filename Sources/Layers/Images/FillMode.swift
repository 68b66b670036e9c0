/// What stands for places beyond the border of an image.
public enum FillMode: String, Hashable, Sendable, CaseIterable {
  /// The image's reflection, which repeats the last place: `d c b a | a b c d | d c b a`.
  case reflect
  /// The image, repeated: `a b c d | a b c d | a b c d`.
  case wrap
  /// A number: `k k k k | a b c d | k k k k`.
  case constant
  /// The nearest place: `a a a a | a b c d | d d d d`.
  case nearest
}

extension FillMode: CustomStringConvertible {
  /// The value as source code.
  public var description: String { rawValue }
}
