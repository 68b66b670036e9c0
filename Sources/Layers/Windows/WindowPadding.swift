/// How windows are placed at the borders of a sample.
public enum WindowPadding: String, Hashable, Sendable, CaseIterable {
  /// Windows lie entirely within the sample.
  case valid
  /// With zeros around the sample, evenly on both sides, so that with a stride of 1 there are as many windows as places;
  /// the additional zero of an odd number is at the end.
  case same
  /// With zeros before a sequence, so that a window ends at its place and reads nothing after it.
  case causal
}
