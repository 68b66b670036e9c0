internal import Tensor

/// The type of the elements of a dataset or an attribute.
struct HDF5Datatype: Hashable, Sendable {
  /// The storage of texts; `nil` if the elements are something else.
  enum Text: Hashable {
    case fixed(isPaddedWithSpaces: Bool)
    /// In a global heap.
    case variable
  }

  /// `nil` without a counterpart here.
  private(set) var stored: StoredType?
  private(set) var isByteSwapped = false
  private(set) var text: Text?
  /// HDF5's name.
  let name: String
  /// The size of an element in bytes.
  let size: Int
  private let isOpaque: Bool

  init(_ body: Range<Int>, _ bytes: HDF5Bytes) throws(ModelFileError) {
    var cursor = HDF5Cursor(bytes, body, "a type")
    let first = try cursor.integer(1)
    let (kind, version) = (first & 15, first >> 4)
    let flags = try cursor.integer(3)
    size = try cursor.integer(4)
    guard (1...5).contains(version), size > 0 else {
      throw bytes.error(
        "byte \(body.lowerBound)", expected: "a type of version 1 to 5 whose elements have a size",
        found: "one of version \(version) and \(size) bytes")
    }
    isOpaque = kind == 5
    switch kind {
    // Numbers, and bit fields, which are read as unsigned numbers.
    case 0, 4:
      let (offset, precision) = (try cursor.integer(2), try cursor.integer(2))
      let isWhole = offset == 0 && precision == 8 * size
      name = isWhole ? "\(8 * size)-bit integer" : "\(precision) bits of a \(8 * size)-bit integer"
      stored = isWhole ? StoredType(rawValue: "\(kind == 0 && flags & 8 != 0 ? "" : "u")int\(8 * size)") : nil
      isByteSwapped = size > 1 && flags & 1 != 0
    case 1:
      stored = try Self.float(&cursor, size, flags)
      name = "\(8 * size)-bit floating point" + (stored == nil ? " of another format" : "")
      isByteSwapped = flags & 1 != 0
    case 3:
      name = "text"
      text = .fixed(isPaddedWithSpaces: flags & 15 == 2)
    case 8:
      name = "enumeration"
      let base = try HDF5Datatype(cursor.remaining.prefix(12), bytes)
      let isBool = try Self.isBool(&cursor, base, count: flags & 0xFFFF, version, bytes)
      (stored, isByteSwapped) = (isBool ? .bool : base.stored, base.isByteSwapped)
    case 9 where flags & 15 == 1:
      name = "text"
      text = .variable
      guard size == 8 + bytes.addressWidth else {
        throw bytes.error(
          "byte \(body.lowerBound)", expected: "references of \(8 + bytes.addressWidth) bytes to texts",
          found: "\(size)")
      }
    default:
      let names = [
        2: "times", 5: "opaque bytes", 6: "records", 7: "references", 9: "lists", 10: "arrays",
        11: "complex numbers",
      ]
      name = names[kind] ?? "elements of the class \(kind)"
    }
  }

  /// Opaque bytes that an attribute declares to be numbers, as in h5py's files.
  mutating func adopt(_ attributes: [String: HDF5Attribute]) {
    if isOpaque && size == 2 && attributes["dtype"] == .text("bfloat16") { stored = .bfloat16 }
  }

  /// The format with the bit positions of the type.
  private static func float(
    _ cursor: inout HDF5Cursor, _ size: Int, _ flags: Int
  ) throws(ModelFileError) -> StoredType? {
    let (offset, precision) = (try cursor.integer(2), try cursor.integer(2))
    let (exponent, exponentSize) = (try cursor.integer(1), try cursor.integer(1))
    let (mantissa, mantissaSize) = (try cursor.integer(1), try cursor.integer(1))
    let bias = try cursor.integer(4)
    let type: StoredType? =
      switch (size, exponentSize) {
      case (2, 5): .float16
      case (2, 8): .bfloat16
      case (4, 8): .float32
      case (8, 11): .float64
      default: nil
      }
    // Neither VAX's byte order nor an explicit leading digit is supported.
    guard let type, flags & 0x40 == 0, flags >> 4 & 3 == 2, offset == 0, precision == 8 * size, mantissa == 0,
      exponent == mantissaSize, flags >> 8 & 0xFF == 8 * size - 1, exponent + exponentSize == 8 * size - 1,
      bias == 1 << (exponentSize - 1) - 1
    else { return nil }
    return type
  }

  /// Bytes that are FALSE or TRUE, as in h5py's files.
  private static func isBool(
    _ cursor: inout HDF5Cursor, _ base: HDF5Datatype, count: Int, _ version: Int, _ bytes: HDF5Bytes
  ) throws(ModelFileError) -> Bool {
    guard base.stored == .int8 || base.stored == .uint8, count == 2 else { return false }
    try cursor.skip(12)
    for name: StaticString in ["FALSE\0", "TRUE\0"] {
      let length = version < 3 ? 8 : name.utf8CodeUnitCount
      guard cursor.remaining.count >= length, bytes.has(name, at: cursor.offset) else { return false }
      try cursor.skip(length)
    }
    return try cursor.integer(2) == 0x0100
  }
}
