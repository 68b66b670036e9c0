/// Elements for which an operation has no result.
public struct TensorElementError: Error, Hashable, Sendable {
  /// What was to be computed.
  public let operation: String
  /// What the elements may be.
  public let expected: String
  /// What is among them.
  public let found: String

  init(_ operation: String, expected: String, found: String) {
    self.operation = operation
    self.expected = expected
    self.found = found
  }
}

extension TensorElementError: CustomStringConvertible {
  public var description: String { "\(operation): expected \(expected), found \(found)" }
}
