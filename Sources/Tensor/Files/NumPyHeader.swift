extension StoredType {
  /// The type in a `.npy` file, without the order of its bytes; bfloat16 has none there.
  var numPyName: String? {
    switch self {
    case .float16, .float32, .float64: "f\(byteCount)"
    case .int8, .int16, .int32, .int64: "i\(byteCount)"
    case .uint8, .uint16, .uint32, .uint64: "u\(byteCount)"
    case .bool: "b1"
    case .bfloat16: nil
    }
  }
}

/// What the header of a `.npy` file says. Source: NumPy's `numpy/lib/_format_impl.py`, format versions 1.0 to 3.0.
///
/// Parsing reads bytes and nothing else: no memory is allocated on the word of a header.
public struct NumPyHeader: Hashable, Sendable {
  /// The type of the elements in the file.
  public let type: StoredType
  /// Whether the bytes of an element are in the opposite order to this machine's.
  public let isByteSwapped: Bool
  /// Whether the first axis is the contiguous one (column-major), instead of the last.
  public let isFortranOrder: Bool
  /// The length of each axis.
  public let shape: [Int]
  /// The first byte of the data.
  public let dataOffset: Int
  /// The format's major version: 1, 2 or 3.
  public let version: Int
  /// Where the name of the type stands, for error texts.
  let typeOffset: Int

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// Bytes of data; the file ends after them.
  public var dataByteCount: Int { count * type.byteCount }

  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest header that is read; the longest that NumPy writes for 32 axes has fewer than 1,000 bytes.
  static let maximumByteCount = 65_535
  /// The longest prefix of a file that parsing looks at.
  package static let maximumPrefix = 12 + maximumByteCount
  static let isLittleEndianMachine = 1.littleEndian == 1

  /// Parses the header at the beginning of a file's bytes.
  /// - Parameters:
  ///   - bytes: the file, or at least its first `maximumPrefix` bytes.
  ///   - file: its name, for error texts.
  /// - Throws: ``NumPyFileError`` with the offset, what was expected and what was found.
  public init(parsing bytes: [UInt8], file: String) throws(NumPyFileError) {
    func fail(_ offset: Int, _ expected: String, _ found: String) -> NumPyFileError {
      NumPyFileError(kind: .format, file: file, offset: offset, expected: expected, found: found)
    }
    func endOfFile(_ expected: String) -> NumPyFileError { fail(bytes.count, expected, "the end of the file") }

    for (offset, expected) in Self.magic.enumerated() {
      guard offset < bytes.count else { throw endOfFile(#"the signature "\x93NUMPY""#) }
      guard bytes[offset] == expected else {
        throw fail(offset, #"the signature "\x93NUMPY""#, "the byte \(hexadecimal(bytes[offset]))")
      }
    }
    guard bytes.count >= 8 else { throw endOfFile("a format version") }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw fail(6, "format version 1.0, 2.0 or 3.0", "\(bytes[6]).\(bytes[7])")
    }
    version = Int(bytes[6])
    let lengthBytes = version == 1 ? 2 : 4
    guard bytes.count >= 8 + lengthBytes else { throw endOfFile("the header's length in \(lengthBytes) bytes") }
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard length <= Self.maximumByteCount else {
      throw fail(8, "a header of at most \(Self.maximumByteCount) bytes", "the length \(length)")
    }
    let start = 8 + lengthBytes
    guard bytes.count - start >= length else { throw endOfFile("a header of \(length) bytes") }
    dataOffset = start + length

    var parser = NumPyHeaderParser(bytes: bytes, position: start, end: dataOffset, file: file)
    let fields = try parser.parse()
    (type, isByteSwapped) = fields.type
    typeOffset = fields.typeOffset
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape

    guard StoredElements.byteCount(type: type, shape: shape) != nil else {
      throw fail(fields.shapeOffset, "a shape that fits into memory", "\(shape)")
    }
  }

  /// The bytes of a header in front of this machine's elements, as NumPy writes them.
  static func encoded(type: StoredType, fortranOrder: Bool, shape: [Int]) -> [UInt8] {
    guard let name = type.numPyName else { trap(".npy files do not have \(type.name)") }
    let order = type.byteCount == 1 ? "|" : isLittleEndianMachine ? "<" : ">"
    let lengths = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var header =
      "{'descr': '\(order)\(name)', 'fortran_order': \(fortranOrder ? "True" : "False"), "
      + "'shape': (\(lengths)), }"
    // NumPy leaves room for the longest length that the axis along which a file can grow might reach.
    if let growing = fortranOrder ? shape.last : shape.first {
      header += String(repeating: " ", count: 21 - String(growing).utf8.count)
    }
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let length = UInt16(header.utf8.count)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
  }
}

func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return "0x" + (byte < 16 ? "0" : "") + digits
}
