/// Every n-th Float by its bits, in blocks, and inputs at which functions are likely to be wrong.
struct SweepInputs: Sendable {
  static let blockLength = 1 << 13

  let every: Int
  let kinks: [Double]

  private var strided: Int { ((1 << 32) - 1) / every + 1 }
  private var stridedBlocks: Int { (strided - 1) / Self.blockLength + 1 }
  /// The last block contains the special inputs; a sweep of all inputs includes them already.
  var blocks: Int { stridedBlocks + (every == 1 ? 0 : 1) }
  var count: Int { strided + (every == 1 ? 0 : special.count) }

  func block(_ index: Int) -> [Float] {
    if index == stridedBlocks { return special }
    let first = index * Self.blockLength
    return (first..<min(first + Self.blockLength, strided)).map { Float(bitPattern: UInt32($0 * every)) }
  }

  /// Both zeros, subnormals, infinities and NaN, all powers of two and their neighbours, and the same around kinks.
  private var special: [Float] {
    var result: [Float] = []
    for magnitude in stride(from: UInt32(0), through: 255 << 23, by: 1 << 23) {
      for offset in -2...2 {
        let bits = UInt32(truncatingIfNeeded: Int(magnitude) + offset)
        result += [Float(bitPattern: bits & 0x7fff_ffff), Float(bitPattern: bits | 0x8000_0000)]
      }
    }
    for kink in kinks where kink.isFinite {
      let center = Float(kink)
      var below = center
      var above = center
      result.append(center)
      for _ in 0..<64 {
        below = below.nextDown
        above = above.nextUp
        result += [below, above]
      }
    }
    return result
  }
}
