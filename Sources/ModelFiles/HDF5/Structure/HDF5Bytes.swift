internal import Glibc

/// The bytes of an HDF5 file, each access checked against what the file says it holds.
///
/// The memory outlives the value: its owner is the ``HDF5Image``.
struct HDF5Bytes {
  let file: String
  private let memory: UnsafeRawBufferPointer
  /// The bytes that belong to the file, by its own account.
  private(set) var count: Int
  /// The bytes of the file before these; addresses do not count them.
  let userBlockSize: Int

  init(_ memory: UnsafeRawBufferPointer, file: String, userBlockSize: Int = 0) {
    self.file = file
    self.memory = memory
    self.userBlockSize = userBlockSize
    count = memory.count
  }

  /// Nothing behind this byte belongs to the file.
  mutating func end(at end: Int) { count = min(count, end) }

  func error(_ place: String, expected: String, found: String) -> ModelFileError {
    error(.format, place, expected: expected, found: found)
  }

  func error(_ kind: ModelFileError.Kind, _ place: String, expected: String, found: String) -> ModelFileError {
    ModelFileError(kind: kind, file: file, place: place, expected: expected, found: found)
  }

  /// A little-endian number of at most 8 bytes that is to fit `Int`.
  func integer(_ offset: Int, _ width: Int, _ what: @autoclosure () -> String) throws(ModelFileError) -> Int {
    let bits = try bits(offset, width, what())
    guard let value = Int(exactly: bits) else {
      throw error("byte \(offset)", expected: "\(what()) below 2^63", found: "\(bits)")
    }
    return value
  }

  func bits(_ offset: Int, _ width: Int, _ what: @autoclosure () -> String) throws(ModelFileError) -> UInt64 {
    try require(offset, width, what())
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(memory[offset + index]) << (8 * UInt64(index)) }
    return value
  }

  /// The position of a structure; none where the file marks that there is none.
  func address(_ offset: Int, _ what: @autoclosure () -> String) throws(ModelFileError) -> Int? {
    let bits = try bits(offset, 8, what())
    if bits == .max { return nil }
    guard let address = Int(exactly: bits), address < count else {
      throw error("byte \(offset)", expected: "the address of \(what()) below \(count)", found: "\(bits)")
    }
    return address
  }

  /// Throws where not all of a range belongs to the file.
  func require(_ offset: Int, _ length: Int, _ what: @autoclosure () -> String) throws(ModelFileError) {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw error(
        "byte \(offset)", expected: "\(what()) of \(length) bytes before byte \(count)", found: "the end of the file")
    }
  }

  func has(_ text: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, text.utf8CodeUnitCount <= count, offset <= count - text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { $0.elementsEqual(memory[offset..<offset + $0.count]) }
  }

  /// Where a text stands, from a byte on.
  func firstPosition(of text: StaticString, from start: Int) -> Int? {
    let first = CInt(text.withUTF8Buffer { $0[0] })
    var start = start
    while start < count, let base = memory.baseAddress, let found = memchr(base + start, first, count - start) {
      let place = base.distance(to: UnsafeRawPointer(found))
      if has(text, at: place) { return place }
      start = place + 1
    }
    return nil
  }

  func requireSignature(_ text: StaticString, at offset: Int, _ what: String) throws(ModelFileError) {
    guard has(text, at: offset) else {
      throw error("byte \(offset)", expected: "\(what), which begins with \(text)", found: "other bytes")
    }
  }

  /// The text up to its NUL, which is to stand before `end`.
  func name(_ offset: Int, before end: Int, _ what: String) throws(ModelFileError) -> String {
    guard offset >= 0, offset < end, end <= count, let terminator = memory[offset..<end].firstIndex(of: 0) else {
      throw error("byte \(offset)", expected: "\(what) that ends with NUL before byte \(end)", found: "none")
    }
    guard let name = String(validating: memory[offset..<terminator], as: UTF8.self) else {
      throw error("byte \(offset)", expected: "\(what) in UTF-8", found: "other bytes")
    }
    return name
  }
}
