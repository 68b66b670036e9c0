/// The structures of a file that have been read. No two of them may share bytes: a file in which they do is rejected,
/// which bounds the work by the size of the file.
struct HDF5Structures {
  let bytes: HDF5Bytes
  private var claims = Claims()
  /// Shared headers are read in addition to their own place in the tree of groups.
  private var claimsOfShared = Claims()
  /// The objects of global heaps, by the heap's address.
  var globalHeaps: [Int: [Int: Range<Int>]] = [:]
  /// Types that objects share, by the address of their owner.
  var sharedTypes: [Int: Range<Int>] = [:]
  /// The remaining number of bytes of links, attributes and texts: each is in the file once.
  private var allowance: Int

  init(_ bytes: HDF5Bytes) {
    self.bytes = bytes
    allowance = bytes.count
  }

  private struct Claims {
    var starts: Set<Int> = []
    var byteCount = 0
  }

  /// Throws if a structure has been read before, or if all structures together are longer than the file.
  mutating func claim(_ range: Range<Int>, _ what: String, isShared: Bool = false) throws(ModelFileError) {
    let bytes = bytes
    func claim(_ claims: inout Claims) throws(ModelFileError) {
      guard claims.starts.insert(range.lowerBound).inserted else {
        throw bytes.error(
          "byte \(range.lowerBound)", .limit, expected: "\(what) with one parent",
          found: "a second link to it, or a cycle")
      }
      claims.byteCount += range.count
      guard claims.byteCount <= bytes.count else {
        throw bytes.error(
          "byte \(range.lowerBound)", .limit, expected: "structures that do not overlap", found: "overlapping ones")
      }
    }
    if isShared { try claim(&claimsOfShared) } else { try claim(&claims) }
  }

  /// Throws if all chunks together are longer than the file.
  mutating func claimElements(_ range: Range<Int>) throws(ModelFileError) {
    claims.byteCount += range.count
    guard claims.byteCount <= bytes.count else {
      throw bytes.error(
        "byte \(range.lowerBound)", .limit, expected: "chunks that do not overlap", found: "overlapping ones")
    }
  }

  /// Throws if links, attributes and texts together are longer than the file.
  mutating func spend(_ range: Range<Int>) throws(ModelFileError) {
    allowance -= range.count
    guard allowance >= 0 else {
      throw bytes.error(
        "byte \(range.lowerBound)", .limit, expected: "links and attributes of at most \(bytes.count) bytes in all",
        found: "more")
    }
  }
}
