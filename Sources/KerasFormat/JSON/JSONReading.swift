public import Activations

extension Configuration {
  /// What a text in JSON says, as RFC 8259 has it, with the `NaN` and `Infinity` that Python writes.
  ///
  /// Of a key that an object has twice, the last counts. Objects and lists may lie in one another 512 deep.
  /// - Throws: ``ConfigurationError/notJSON(reason:)`` with the place, for what is not UTF-8 too.
  /// - Complexity: O(*n*); some 30 ns for a byte, and at most forty times the memory of the text.
  public init(json bytes: [UInt8]) throws(ConfigurationError) {
    var parser = JSONParser(bytes)
    self = try parser.value()
    try parser.finish()
  }

  /// What a text in JSON says.
  public init(json text: String) throws(ConfigurationError) { try self.init(json: Array(text.utf8)) }
}
