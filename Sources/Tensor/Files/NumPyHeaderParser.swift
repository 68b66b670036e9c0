/// Reads the dictionary in a `.npy` header: a Python literal with the keys `descr`, `fortran_order` and `shape` in any
/// order. No recursion, every loop moves forward.
struct NumPyHeaderParser {
  let bytes: [UInt8]
  var position: Int
  let end: Int
  let file: String

  struct Fields {
    var type: (StoredType, isByteSwapped: Bool)
    var typeOffset: Int
    var isFortranOrder: Bool
    var shape: [Int]
    var shapeOffset: Int
  }

  mutating func parse() throws(NumPyFileError) -> Fields {
    var type: (StoredType, isByteSwapped: Bool)? = nil
    var isFortranOrder: Bool? = nil
    var shape: [Int]? = nil
    var typeOffset = position
    var shapeOffset = position
    try take("{", "a dictionary")
    while !skip("}") {
      skipSpace()
      let keyOffset = position
      let key = try string("one of the keys 'descr', 'fortran_order' and 'shape'")
      try take(":", "a colon after the key \(quoted(key))")
      skipSpace()
      switch key {
      case "descr" where type == nil:
        typeOffset = position
        type = try elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil:
        shapeOffset = position
        shape = try lengths()
      default:
        throw fail(keyOffset, "each of the keys 'descr', 'fortran_order' and 'shape' once", quoted(key))
      }
      if skip(",") { continue }
      try take("}", "a comma or the end of the dictionary")
      break
    }
    let dictionaryEnd = position
    guard let type else { throw fail(dictionaryEnd, "the key 'descr'", "the end of the dictionary") }
    guard let isFortranOrder else { throw fail(dictionaryEnd, "the key 'fortran_order'", "the end of the dictionary") }
    guard let shape else { throw fail(dictionaryEnd, "the key 'shape'", "the end of the dictionary") }
    skipSpace()
    guard position == end else { throw fail("nothing but spaces after the dictionary") }
    return Fields(
      type: type, typeOffset: typeOffset, isFortranOrder: isFortranOrder, shape: shape, shapeOffset: shapeOffset)
  }

  // MARK: Values

  private mutating func elementType() throws(NumPyFileError) -> (StoredType, isByteSwapped: Bool) {
    let offset = position
    if position < end, [UInt8(ascii: "["), UInt8(ascii: "(")].contains(bytes[position]) {
      throw unsupported(offset, "one of the types \(Self.typeNames)", "a structured type")
    }
    let descriptor = try string("the name of a type")
    var name = descriptor[...]
    var isLittleEndian = NumPyHeader.isLittleEndianMachine
    if let order = name.first, "<>=|".contains(order) {
      name.removeFirst()
      if order == "<" { isLittleEndian = true }
      if order == ">" { isLittleEndian = false }
    }
    guard let type = StoredType.allCases.first(where: { $0.numPyName == String(name) }) else {
      let kind = name.first.flatMap { Self.otherKinds[$0] }.map { " (\($0))" } ?? ""
      throw unsupported(offset, "one of the types \(Self.typeNames)", quoted(descriptor) + kind)
    }
    return (type, type.byteCount > 1 && isLittleEndian != NumPyHeader.isLittleEndianMachine)
  }

  private static let typeNames = StoredType.allCases.compactMap(\.numPyName).joined(separator: " ")
  private static let otherKinds: [Character: String] = [
    "O": "Python objects", "U": "strings", "S": "byte strings", "a": "byte strings", "c": "complex numbers",
    "M": "dates", "m": "time differences",
    "V": "raw bytes; NumPy writes bfloat16 so, without saying that it is",
  ]

  private mutating func boolean() throws(NumPyFileError) -> Bool {
    if skip("True") { return true }
    if skip("False") { return false }
    throw fail("True or False")
  }

  private mutating func lengths() throws(NumPyFileError) -> [Int] {
    let offset = position
    try take("(", "a tuple of lengths")
    var lengths: [Int] = []
    var hasComma = false
    while !skip(")") {
      guard lengths.isEmpty || hasComma else { throw fail("a comma or the end of the tuple") }
      try lengths.append(length())
      hasComma = skip(",")
    }
    guard lengths.count != 1 || hasComma else { throw fail("a comma after the only length", at: position - 1) }
    guard lengths.count <= Tensor<Float>.maximumRank else {
      throw unsupported(offset, "at most \(Tensor<Float>.maximumRank) axes", "\(lengths.count)")
    }
    return lengths
  }

  private mutating func length() throws(NumPyFileError) -> Int {
    skipSpace()
    let offset = position
    var value = 0
    while position < end, case let digit = bytes[position], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw fail(offset, "a length of at most \(Int.max)", "a larger number") }
      value = sum
      position += 1
    }
    let expected = "a length that is not negative"
    guard position > offset else { throw fail(expected) }
    guard position == offset + 1 || bytes[offset] != UInt8(ascii: "0") else {
      throw fail(offset, expected, "a number that begins with 0")
    }
    _ = skip("L")  // Python 2 wrote its long integers so.
    return value
  }

  /// A string in single or double quotes, of printable ASCII characters without escapes.
  private mutating func string(_ expected: String) throws(NumPyFileError) -> String {
    skipSpace()
    guard position < end, case let quote = bytes[position], quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    else { throw fail(expected) }
    let start = position + 1
    var stop = start
    while stop < end, bytes[stop] != quote {
      guard (0x20..<0x7F).contains(bytes[stop]), bytes[stop] != UInt8(ascii: "\\") else {
        throw fail("a printable ASCII character", at: stop)
      }
      stop += 1
    }
    guard stop < end else { throw fail(stop, "the end of the string", "the end of the header") }
    position = stop + 1
    return String(decoding: bytes[start..<stop], as: UTF8.self)
  }

  // MARK: Tokens

  private mutating func skipSpace() {
    while position < end, [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func skip(_ token: String) -> Bool {
    skipSpace()
    guard bytes[position..<end].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  private mutating func take(_ token: String, _ expected: String) throws(NumPyFileError) {
    guard skip(token) else { throw fail(expected) }
  }

  // MARK: Errors

  /// In quotation marks, and no longer than a line takes.
  private func quoted(_ text: String) -> String { text.count <= 40 ? "'\(text)'" : "'\(text.prefix(40))…'" }

  /// What stands at the position is not what was expected.
  private func fail(_ expected: String, at offset: Int? = nil) -> NumPyFileError {
    let offset = offset ?? position
    guard offset < end else { return fail(offset, expected, "the end of the header") }
    let byte = bytes[offset]
    let isPrintable = (0x20..<0x7F).contains(byte)
    return fail(offset, expected, isPrintable ? "'\(Character(UnicodeScalar(byte)))'" : "the byte \(hexadecimal(byte))")
  }

  private func fail(_ offset: Int, _ expected: String, _ found: String) -> NumPyFileError {
    NumPyFileError(kind: .format, file: file, offset: offset, expected: expected, found: found)
  }

  private func unsupported(_ offset: Int, _ expected: String, _ found: String) -> NumPyFileError {
    NumPyFileError(kind: .unsupported, file: file, offset: offset, expected: expected, found: found)
  }
}
