import Activations
import Layers

/// Parses JSON text from beginning to end: whole values, or objects and lists piece by piece.
///
/// ```
/// try parser.enterObject()
/// while let key = try parser.nextKey() { fields[key] = try parser.value() }
/// ```
package struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Whether no element has been read of the object or list entered last.
  private var isFirst = false

  /// Recursion is as deep as the text's nesting; the stack can bear this depth.
  private static let greatestDepth = 512

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // The byte order mark that some editors write before UTF-8.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Throws if there is more text.
  package mutating func finish() throws(ConfigurationError) {
    guard next() == nil else { throw failure("more after the value") }
  }

  // MARK: Values

  package mutating func value() throws(ConfigurationError) -> Configuration {
    switch next() {
    case UInt8(ascii: "{"):
      var fields: [String: Configuration] = [:]
      try enterObject()
      while let key = try nextKey() { fields[key] = try value() }
      return .object(fields)
    case UInt8(ascii: "["):
      var elements: [Configuration] = []
      try enterList()
      while try isBeforeElement() { elements.append(try value()) }
      return .list(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10: return try number()
    default:
      for (word, value) in Self.words where take(word) { return value }
      throw failure("no value")
    }
  }

  private static let words: [([UInt8], Configuration)] = [
    ("true", true), ("false", false), ("null", nil), ("NaN", .number(.nan)), ("Infinity", .number(.infinity)),
  ].map { (Array($0.utf8), $1) }

  /// Whether the next value is null, which is then consumed.
  package mutating func takeNull() -> Bool { next() != nil && take(Array("null".utf8)) }

  /// Consumes the bracket that begins an object.
  package mutating func enterObject() throws(ConfigurationError) { try enter("{", "an object") }

  /// Consumes the bracket that begins a list.
  package mutating func enterList() throws(ConfigurationError) { try enter("[", "a list") }

  /// Returns the next key of the current object, whose value follows; `nil` at the object's end, which is consumed.
  package mutating func nextKey() throws(ConfigurationError) -> String? {
    guard try continues(to: "}", "an object") else { return nil }
    guard next() == UInt8(ascii: "\"") else { throw failure("no key") }
    let key = try string()
    guard take(":") else { throw failure("no colon after a key") }
    return key
  }

  /// Whether the current list has another element; otherwise, its end is consumed.
  package mutating func isBeforeElement() throws(ConfigurationError) -> Bool { try continues(to: "]", "a list") }

  private mutating func enter(_ bracket: Unicode.Scalar, _ kind: String) throws(ConfigurationError) {
    guard next() == UInt8(ascii: bracket) else { throw failure("not \(kind)") }
    guard depth < Self.greatestDepth else {
      throw failure("more than \(Self.greatestDepth) lists and objects in one another")
    }
    depth += 1
    position += 1
    isFirst = true
  }

  private mutating func continues(to end: Unicode.Scalar, _ kind: String) throws(ConfigurationError) -> Bool {
    defer { isFirst = false }
    if take(end) {
      depth -= 1
      return false
    }
    guard isFirst || take(",") else { throw failure("neither a comma nor the end of \(kind)") }
    return true
  }

  // MARK: Numbers

  private mutating func number() throws(ConfigurationError) -> Configuration {
    let start = position
    let isNegative = takeByte("-")
    if isNegative, take(Array("Infinity".utf8)) { return .number(-.infinity) }
    let whole = takeDigits()
    guard !whole.isEmpty, whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0") else {
      position = whole.lowerBound
      throw failure("no number")
    }
    var isWhole = true
    if takeByte(".") {
      isWhole = false
      if takeDigits().isEmpty { throw failure("no digits after the point") }
    }
    if takeByte("e") || takeByte("E") {
      isWhole = false
      if !takeByte("+") { _ = takeByte("-") }
      if takeDigits().isEmpty { throw failure("no digits in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      position = start
      throw failure("a number beyond those of 64 bits")
    }
    return .number(number)
  }

  private mutating func takeDigits() -> Range<Int> {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return start..<position
  }

  // MARK: Strings

  private mutating func string() throws(ConfigurationError) -> String {
    let start = position
    position += 1
    /// The text before the last escape, and the position after it.
    var unescaped: [UInt8] = []
    var rest = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let part = bytes[rest..<position]
        position += 1
        guard let text = String(validating: unescaped.isEmpty ? part : (unescaped + part)[...], as: UTF8.self) else {
          position = start
          throw failure("a string that is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"):
        unescaped += bytes[rest..<position]
        unescaped += try escaped()
        rest = position
      case ..<0x20: throw failure("a control character in a string")
      default: position += 1
      }
    }
    position = start
    throw failure("a string without end")
  }

  private mutating func escaped() throws(ConfigurationError) -> [UInt8] {
    guard position + 1 < bytes.count else { throw failure("a string without end") }
    let byte = bytes[position + 1]
    if byte == UInt8(ascii: "u") { return Array(String(Character(try scalar())).utf8) }
    guard let place = Self.escapes.firstIndex(of: byte) else { throw failure("an unknown escape") }
    position += 2
    return [Self.escaped[place]]
  }

  private static let escapes = Array("\"\\/bfnrt".utf8)
  private static let escaped = Array("\"\\/\u{8}\u{C}\n\r\t".utf8)

  /// The character of one escape, or of two if UTF-16 encodes it in two units.
  private mutating func scalar() throws(ConfigurationError) -> Unicode.Scalar {
    let start = position
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let second = try unit()
      if 0xDC00..<0xE000 ~= second {
        return Unicode.Scalar(0x10000 + UInt32(first - 0xD800) << 10 + UInt32(second - 0xDC00))!
      }
    }
    position = start
    throw failure("half of a character")
  }

  /// The unit of an escape: \u and four digits.
  private mutating func unit() throws(ConfigurationError) -> UInt16 {
    let digits = bytes[min(position + 2, bytes.count)..<min(position + 6, bytes.count)]
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("no four hexadecimal digits") }
    position += 6
    return unit
  }

  // MARK: Bytes

  /// The next byte that is not a space.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  /// Consumes a character after spaces.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func take(_ word: [UInt8]) -> Bool {
    guard bytes[position...].starts(with: word) else { return false }
    position += word.count
    return true
  }

  private func failure(_ found: String) -> ConfigurationError {
    let before = bytes[..<position]
    let line = before.count { $0 == 0x0A } + 1
    let column = position - (before.lastIndex(of: 0x0A) ?? -1)
    return .notJSON(
      reason: "\(position == bytes.count ? "the text ends: " : "")\(found) at line \(line), column \(column)")
  }
}
