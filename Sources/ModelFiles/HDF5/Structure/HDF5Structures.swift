/// The structures that have been read of a file. No two of them share bytes: a file that claims so is refused, which bounds the
/// work that it can ask for by its size.
struct HDF5Structures {
  let bytes: HDF5Bytes
  private var claims = Claims()
  /// Headers that others share are read beside their own place in the tree of groups.
  private var claimsOfShared = Claims()
  /// The objects of global heaps, by the heap's address.
  var globalHeaps: [Int: [Int: Range<Int>]] = [:]
  /// Types that objects share, by the address of their owner.
  var sharedTypes: [Int: Range<Int>] = [:]
  /// How much is left to be read of links, attributes and texts: each stands in the file once.
  private var allowance: Int

  init(_ bytes: HDF5Bytes) {
    self.bytes = bytes
    allowance = bytes.count
  }

  private struct Claims {
    var starts: Set<Int> = []
    var byteCount = 0
  }

  /// Throws where a structure has been read before, or where all of them together are longer than the file.
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
          "byte \(range.lowerBound)", .limit, expected: "structures beside each other", found: "overlapping ones")
      }
    }
    if isShared { try claim(&claimsOfShared) } else { try claim(&claims) }
  }

  /// Throws where all chunks together are longer than the file.
  mutating func claimElements(_ range: Range<Int>) throws(ModelFileError) {
    claims.byteCount += range.count
    guard claims.byteCount <= bytes.count else {
      throw bytes.error(
        "byte \(range.lowerBound)", .limit, expected: "chunks beside each other", found: "overlapping ones")
    }
  }

  /// Throws where links, attributes and texts are longer in all than the file.
  mutating func spend(_ range: Range<Int>) throws(ModelFileError) {
    allowance -= range.count
    guard allowance >= 0 else {
      throw bytes.error(
        "byte \(range.lowerBound)", .limit, expected: "links and attributes of at most \(bytes.count) bytes in all",
        found: "more")
    }
  }
}
