/// A zip archive taken apart, so that a member can be changed and the rest be right again: sizes, places and checksums.
struct Archive {
  struct Member {
    let name: [UInt8]
    let method: Int
    let inflatedSize: Int
    /// Of the inflated data.
    let sum: UInt32
    var data: [UInt8]
  }

  var members: [Member] = []

  /// None where the bytes are no archive as Keras and NumPy write it.
  init?(_ bytes: [UInt8]) {
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset + count <= bytes.count else { return nil }
      return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    guard bytes.count >= 22, var entry = number(bytes.count - 6, 4) else { return nil }
    while number(entry, 4) == 0x0201_4B50 {
      guard let method = number(entry + 10, 2), let sum = number(entry + 16, 4), let size = number(entry + 20, 4),
        let inflatedSize = number(entry + 24, 4), let nameLength = number(entry + 28, 2),
        let extraLength = number(entry + 30, 2), let commentLength = number(entry + 32, 2),
        let header = number(entry + 42, 4), let ownNameLength = number(header + 26, 2),
        let ownExtraLength = number(header + 28, 2)
      else { return nil }
      let start = header + 30 + ownNameLength + ownExtraLength
      guard start + size <= bytes.count, entry + 46 + nameLength <= bytes.count else { return nil }
      members.append(
        Member(
          name: Array(bytes[(entry + 46)..<(entry + 46 + nameLength)]), method: method, inflatedSize: inflatedSize,
          sum: UInt32(sum), data: Array(bytes[start..<(start + size)])))
      entry += 46 + nameLength + extraLength + commentLength
    }
    if members.isEmpty { return nil }
  }

  /// The archive's bytes. Stored members have the checksums of their data, deflated ones those that they had.
  var bytes: [UInt8] {
    var (result, directory): ([UInt8], [UInt8]) = ([], [])
    func append(_ value: Int, _ count: Int, to bytes: inout [UInt8]) {
      for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }
    for member in members {
      let offset = result.count
      let sum = member.method == 0 ? checksum(member.data) : member.sum
      func appendFields(to bytes: inout [UInt8]) {
        for (value, count) in [
          (20, 2), (0, 2), (member.method, 2), (0, 4), (Int(sum), 4), (member.data.count, 4),
          (member.method == 0 ? member.data.count : member.inflatedSize, 4), (member.name.count, 2), (0, 2),
        ] { append(value, count, to: &bytes) }
      }
      append(0x0403_4B50, 4, to: &result)
      appendFields(to: &result)
      result += member.name + member.data
      append(0x0201_4B50, 4, to: &directory)
      append(20, 2, to: &directory)
      appendFields(to: &directory)
      for (value, count) in [(0, 2), (0, 2), (0, 2), (0, 4), (offset, 4)] { append(value, count, to: &directory) }
      directory += member.name
    }
    let start = result.count
    result += directory
    for (value, count) in [
      (0x0605_4B50, 4), (0, 4), (members.count, 2), (members.count, 2), (directory.count, 4), (start, 4), (0, 2),
    ] { append(value, count, to: &result) }
    return result
  }
}
