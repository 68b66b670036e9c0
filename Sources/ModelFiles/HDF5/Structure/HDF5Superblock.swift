/// The beginning of a file: the width of addresses, the end of the file, and the root group's address.
struct HDF5Superblock {
  /// The address of the root group's header.
  let root: Int

  /// Reads it, and sets its values in the bytes.
  init(_ bytes: inout HDF5Bytes) throws(ModelFileError) {
    let signature = try bytes.cursor(at: 0, 8, "HDF5's signature").remaining
    guard bytes[signature].elementsEqual(HDF5Bytes.signature) else {
      throw bytes.error("byte 0", expected: "HDF5's signature", found: "other bytes")
    }
    var cursor = HDF5Cursor(bytes, 8..<bytes.count, "the superblock")
    let version = try cursor.require(0...3, "version")
    root =
      version < 2
      ? try Self.withoutChecksum(&cursor, &bytes, version: version)
      : try Self.withChecksum(&cursor, &bytes, version: version)
  }

  private static func withoutChecksum(
    _ cursor: inout HDF5Cursor, _ bytes: inout HDF5Bytes, version: Int
  ) throws(ModelFileError) -> Int {
    try cursor.skip(4)
    let widths = try self.widths(&cursor, bytes)
    // The number of entries in the nodes of trees, which determines their allocated size, not the number of used ones.
    try cursor.skip(version == 0 ? 9 : 13)
    let place = cursor.offset
    cursor = HDF5Cursor(bytes, place..<bytes.count, "the superblock")
    let base = try cursor.bits(widths.address)
    try cursor.skip(widths.address)
    let end = try cursor.bits(widths.address)
    let driver = try cursor.bits(widths.address)
    guard driver == UInt64.max >> UInt64(64 - 8 * widths.address) else {
      throw bytes.error(
        "byte \(place)", .unsupported, expected: "one file for everything", found: "a driver for several")
    }
    try adopt(base: base, end: end, widths, &bytes, place: place)
    var entry = HDF5Cursor(bytes, min(cursor.offset, bytes.count)..<bytes.count, "the root group's entry")
    try entry.skip(widths.length)
    return try entry.address(of: "the root group")
  }

  private static func withChecksum(
    _ cursor: inout HDF5Cursor, _ bytes: inout HDF5Bytes, version: Int
  ) throws(ModelFileError) -> Int {
    let widths = try self.widths(&cursor, bytes)
    let place = cursor.offset
    let flags = try cursor.integer(1)
    guard version < 3 || flags & 5 == 0 else {
      throw bytes.error(
        "byte \(place)", expected: "a file that its writer has closed",
        found: "one that is open, or was left so (h5clear -s marks it as closed)")
    }
    let base = try cursor.bits(widths.address)
    try cursor.skip(widths.address)
    let end = try cursor.bits(widths.address)
    let root = cursor.offset
    try cursor.skip(widths.address)
    try cursor.requireChecksum(since: 0)
    try adopt(base: base, end: end, widths, &bytes, place: place)
    var entry = try bytes.cursor(at: root, widths.address, "the superblock")
    return try entry.address(of: "the root group")
  }

  private static func widths(
    _ cursor: inout HDF5Cursor, _ bytes: HDF5Bytes
  ) throws(ModelFileError) -> (address: Int, length: Int) {
    let place = cursor.offset
    let widths = (address: try cursor.integer(1), length: try cursor.integer(1))
    guard [2, 4, 8].contains(widths.address), [2, 4, 8].contains(widths.length) else {
      throw bytes.error(
        "byte \(place)", .unsupported, expected: "addresses and lengths of 2, 4 or 8 bytes",
        found: "\(widths.address) and \(widths.length)")
    }
    return widths
  }

  private static func adopt(
    base: UInt64, end: UInt64, _ widths: (address: Int, length: Int), _ bytes: inout HDF5Bytes, place: Int
  ) throws(ModelFileError) {
    guard base == UInt64(bytes.userBlockSize) else {
      throw bytes.error(
        "byte \(place)", .unsupported, expected: "the base address \(bytes.userBlockSize), where HDF5 begins",
        found: "\(base)")
    }
    guard end >= base, end - base <= UInt64(bytes.count) else {
      throw bytes.error(
        "byte \(place)", expected: "a file of \(end) bytes", found: "\(bytes.memory.count) bytes: it is truncated")
    }
    bytes.adopt(end: Int(end - base), addressWidth: widths.address, lengthWidth: widths.length)
  }
}
