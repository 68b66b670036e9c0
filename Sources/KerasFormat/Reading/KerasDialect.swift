/// The generations of Keras, whose files use some of the same names with different meanings: Keras 2's `hard_sigmoid`
/// is another function.
@nonexhaustive
public enum KerasDialect: Hashable, Sendable {
  /// Keras up to 2.15, standalone or as part of TensorFlow.
  case keras2
  /// Keras 3.
  case keras3

  /// The dialect of a version, such as "2.15.0" or "3.15.1"; `nil` if the text does not begin with a number.
  public init?(version: String) {
    guard let major = Int(version.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    self = major < 3 ? .keras2 : .keras3
  }
}
