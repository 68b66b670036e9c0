/// The structures that have been read of a file. No two of them share bytes: a file that claims so is refused, which bounds the
/// work that it can ask for by its size.
struct HDF5Structures {
  let bytes: HDF5Bytes
  private var claims = Claims()
  /// Headers that others share are read beside their own place in the tree of groups.
  private var claimsOfShared = Claims()
  /// The objects of global heaps, by the heap's address.
  var globalHeaps: [Int: [Int: Range<Int>]] = [:]
  /// Messages that objects share, by the address of their owner and their kind.
  var sharedMessages: [Int: [HDF5Message.Kind: Range<Int>]] = [:]

  init(_ bytes: HDF5Bytes) { self.bytes = bytes }

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
}

extension HDF5Bytes {
  /// The product of lengths and the size of an element; none where it does not fit.
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
