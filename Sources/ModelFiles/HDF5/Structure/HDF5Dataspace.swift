/// The shape of a dataset or an attribute.
struct HDF5Dataspace {
  /// One length of 0 if there is no shape.
  let lengths: [Int]
  /// The largest length of each axis; `nil` if it is unlimited.
  let limits: [Int?]
  let isScalar: Bool

  init(_ body: Range<Int>, _ bytes: HDF5Bytes) throws(ModelFileError) {
    var cursor = HDF5Cursor(bytes, body, "a shape")
    let version = try cursor.require(1...2, "version")
    let rank = try cursor.require(0...32, "number of axes")
    let hasLimits = try cursor.require(0...3, "flags") & 1 != 0
    let kind = version == 2 ? try cursor.require(0...2, "kind") : rank == 0 ? 0 : 1
    if version == 1 { try cursor.skip(5) }
    guard kind < 2 else {
      (lengths, limits, isScalar) = ([0], [0], false)
      return
    }
    var lengths: [Int] = []
    for _ in 0..<rank { lengths.append(try cursor.length()) }
    var limits: [Int?] = lengths
    if hasLimits {
      let unlimited = UInt64.max >> UInt64(64 - 8 * bytes.lengthWidth)
      for axis in 0..<rank {
        let limit = try cursor.bits(bytes.lengthWidth)
        limits[axis] = limit == unlimited ? nil : Int(clamping: limit)
        guard limit >= UInt64(lengths[axis]) else {
          throw bytes.error(
            "byte \(body.lowerBound)", expected: "a length of at most \(limit)", found: "\(lengths[axis])")
        }
      }
    }
    guard HDF5Bytes.size(lengths.filter { $0 > 0 }, 1) != nil || lengths.contains(0) else {
      throw bytes.error(
        "byte \(body.lowerBound)", .unsupported, expected: "lengths whose product fits", found: "\(lengths)")
    }
    self.lengths = lengths
    self.limits = limits
    isScalar = rank == 0
  }

  var count: Int { lengths.contains(0) ? 0 : lengths.reduce(1, *) }
}
