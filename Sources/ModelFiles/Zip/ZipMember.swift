/// What an archive's directory says of a member.
struct ZipMember: Hashable, Sendable {
  let name: String
  /// Uncompressed.
  let byteCount: Int
  let compressedByteCount: Int
  let isDeflated: Bool
  let checksum: UInt32
  /// Where the archive says all this.
  let directoryOffset: Int
  /// Where the member's local header begins.
  let headerOffset: Int
}
