/// Reads the fields of a structure in order, never beyond its end.
struct HDF5Cursor {
  private let bytes: HDF5Bytes
  /// The position of the next field.
  private(set) var offset: Int
  private let end: Int
  /// The structure's name in errors.
  let what: String

  init(_ bytes: HDF5Bytes, _ range: Range<Int>, _ what: String) {
    self.bytes = bytes
    (offset, end) = (range.lowerBound, range.upperBound)
    self.what = what
  }

  var remaining: Range<Int> { offset..<end }

  /// Returns the next bytes.
  mutating func take(_ length: Int) throws(ModelFileError) -> Range<Int> {
    guard length >= 0, length <= end - offset else {
      throw bytes.error(
        "byte \(offset)", expected: "\(length) more bytes of \(what)", found: "\(end - offset)")
    }
    defer { offset += length }
    return offset..<offset + length
  }

  mutating func skip(_ length: Int) throws(ModelFileError) { _ = try take(length) }

  /// A little-endian number of at most 8 bytes.
  mutating func bits(_ width: Int) throws(ModelFileError) -> UInt64 {
    bytes.number(try take(width).lowerBound, width)
  }

  /// The error at this position.
  /// - Parameter place: the position; the current one by default.
  func error(at place: Int? = nil, expected: String, found: String) -> ModelFileError {
    bytes.error("byte \(place ?? offset)", expected: "\(expected) in \(what)", found: found)
  }

  /// A number that must be in the range of `Int`.
  mutating func integer(_ width: Int) throws(ModelFileError) -> Int {
    let place = offset
    let bits = try bits(width)
    guard let value = Int(exactly: bits) else {
      throw error(at: place, expected: "numbers below 2^63", found: "\(bits)")
    }
    return value
  }

  mutating func length() throws(ModelFileError) -> Int { try integer(bytes.lengthWidth) }

  /// The address of another structure; `nil` if the file marks that there is none.
  mutating func address() throws(ModelFileError) -> Int? {
    let place = offset
    let width = bytes.addressWidth
    let bits = try bits(width)
    if bits == UInt64.max >> UInt64(64 - 8 * width) { return nil }
    guard let address = Int(exactly: bits), address < bytes.count else {
      throw error(at: place, expected: "addresses below \(bytes.count)", found: "\(bits)")
    }
    return address
  }

  /// A required address.
  mutating func address(of target: String) throws(ModelFileError) -> Int {
    let place = offset
    guard let address = try address() else {
      throw error(at: place, expected: "the address of \(target)", found: "none")
    }
    return address
  }

  /// Reads a number that must be in a range.
  @discardableResult
  mutating func require(_ allowed: ClosedRange<Int>, _ field: String, width: Int = 1) throws(ModelFileError) -> Int {
    let start = offset
    let value = try integer(width)
    guard allowed.contains(value) else {
      let list = allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw bytes.error("byte \(start)", .unsupported, expected: "\(field) \(list) of \(what)", found: "\(value)")
    }
    return value
  }

  /// Compares the next checksum with that of everything since a position.
  mutating func requireChecksum(since start: Int) throws(ModelFileError) {
    let computed = lookup3(bytes[start..<offset])
    let place = offset
    let stored = try bits(4)
    guard stored == UInt64(computed) else {
      throw bytes.error("byte \(place)", .checksum, expected: "\(what) of the checksum \(stored)", found: "\(computed)")
    }
  }
}
