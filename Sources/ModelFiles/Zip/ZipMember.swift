/// A member of an archive, as described in the directory.
struct ZipMember: Hashable, Sendable {
  let name: String
  /// The uncompressed size.
  let byteCount: Int
  let compressedByteCount: Int
  let isDeflated: Bool
  let checksum: UInt32
  /// The position of the entry in the directory.
  let directoryOffset: Int
  /// The position of the member's local header.
  let headerOffset: Int
}
