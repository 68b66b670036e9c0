/// The generations of Keras, whose files name some things alike and mean others: Keras 2's `hard_sigmoid` is another function.
@nonexhaustive
public enum KerasDialect: Hashable, Sendable {
  /// Keras up to 2.15, alone or as TensorFlow's.
  case keras2
  /// Keras 3.
  case keras3

  /// That of a version: "2.15.0" or "3.15.1"; none where the text does not begin with a number.
  public init?(version: String) {
    guard let major = Int(version.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    self = major < 3 ? .keras2 : .keras3
  }
}
