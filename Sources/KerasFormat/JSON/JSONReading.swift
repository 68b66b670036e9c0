public import Activations

extension Configuration {
  /// Parses JSON text according to RFC 8259, including the `NaN` and `Infinity` that Python writes.
  ///
  /// If an object contains a key twice, the last value counts. Objects and lists may be nested 512 levels deep.
  /// - Throws: ``ConfigurationError/notJSON(reason:)`` with the position; also if the text is not UTF-8.
  /// - Complexity: O(*n*); some 30 ns per byte, and memory of at most forty times the text.
  public init(json bytes: [UInt8]) throws(ConfigurationError) {
    var parser = JSONParser(bytes)
    self = try parser.value()
    try parser.finish()
  }

  /// Parses JSON text.
  public init(json text: String) throws(ConfigurationError) { try self.init(json: Array(text.utf8)) }
}
