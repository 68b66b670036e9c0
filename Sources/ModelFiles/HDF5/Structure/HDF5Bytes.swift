internal import Tensor

/// The bytes of an HDF5 file. Addresses are relative to its signature; every access is checked.
struct HDF5Bytes: Sendable {
  /// The path, or the name given to bytes.
  let file: String
  let memory: [UInt8]
  /// The size of the user block before the signature.
  let userBlockSize: Int
  /// The number of bytes that belong to the file, according to itself.
  private(set) var count: Int
  /// The widths of an address and a length in bytes.
  private(set) var addressWidth = 8
  private(set) var lengthWidth = 8

  /// The limit for any file, however small: the number of bytes that it declares but does not contain.
  static let trust = 1 << 26

  /// \x89HDF\r\n\x1A\n
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Reads a file, or a member of an archive.
  /// - Complexity: one copy of it in memory.
  init<Source: ByteSource>(reading source: Source) throws(ModelFileError) where Source.Failure == ModelFileError {
    file = source.name
    memory = try [UInt8](byteCount: source.byteCount) { (buffer) throws(ModelFileError) in
      try source.read(into: buffer, at: 0)
    }
    userBlockSize = Self.start(fileSize: memory.count) { [memory] in Array(memory[$0]) } ?? 0
    count = memory.count - userBlockSize
  }

  /// The position of HDF5's signature: the beginning, or byte 512, 1024, 2048 and so on; `nil` if it is not found.
  static func start<Failure: Error>(
    fileSize: Int, _ bytes: (Range<Int>) throws(Failure) -> [UInt8]
  ) throws(Failure) -> Int? {
    var place = 0
    while place <= fileSize - signature.count {
      if try bytes(place..<place + signature.count) == signature { return place }
      place = max(512, 2 * place)
    }
    return nil
  }

  /// Sets the superblock's values: nothing after the end belongs to the file.
  mutating func adopt(end: Int, addressWidth: Int, lengthWidth: Int) {
    count = min(count, end)
    (self.addressWidth, self.lengthWidth) = (addressWidth, lengthWidth)
  }

  func error(
    _ place: String, _ kind: ModelFileError.Kind = .format, expected: String, found: String
  ) -> ModelFileError {
    ModelFileError(kind: kind, file: file, place: place, expected: expected, found: found)
  }

  /// A little-endian number of at most 8 bytes.
  /// - Precondition: the bytes belong to the file.
  func number(_ offset: Int, _ width: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(memory[userBlockSize + offset + index]) << (8 * UInt64(index)) }
    return value
  }

  /// - Precondition: the bytes belong to the file.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> {
    memory[userBlockSize + range.lowerBound..<userBlockSize + range.upperBound]
  }

  func has(_ text: StaticString, at offset: Int) -> Bool {
    let size = text.utf8CodeUnitCount
    guard offset >= 0, offset <= count, size <= count - offset else { return false }
    return text.withUTF8Buffer { self[offset..<offset + size].elementsEqual($0) }
  }

  /// Returns a number of bytes from a position, all of which must belong to the file.
  func range(_ offset: Int, _ length: Int, _ what: @autoclosure () -> String) throws(ModelFileError) -> Range<Int> {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw error(
        "byte \(offset)", expected: "\(what()) of \(length) bytes before byte \(count)", found: "the end of the file")
    }
    return offset..<offset + length
  }

  /// Reads a structure of a known length.
  func cursor(at offset: Int, _ length: Int, _ what: String) throws(ModelFileError) -> HDF5Cursor {
    HDF5Cursor(self, try range(offset, length, what), what)
  }

  /// Reads the structure after a signature; its end is determined later.
  func cursor(at offset: Int, after signature: StaticString, _ what: String) throws(ModelFileError) -> HDF5Cursor {
    guard has(signature, at: offset) else {
      throw error("byte \(offset)", expected: "\(what), which begins with \(signature)", found: "other bytes")
    }
    return HDF5Cursor(self, offset + signature.utf8CodeUnitCount..<count, what)
  }
}

extension HDF5Bytes: CustomStringConvertible {
  var description: String { "\(count) bytes of \(file)" }
}

extension HDF5Bytes {
  /// The product of lengths and the size of an element; `nil` if it overflows.
  static func size(_ lengths: some Sequence<Int>, _ elementSize: Int) -> Int? {
    var result = elementSize
    for length in lengths {
      let (product, overflow) = result.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      result = product
    }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// The bytes as text, with non-ASCII bytes as \xff.
  var escaped: String {
    map { byte in
      byte < 0x80 ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
    }.joined()
  }
}
