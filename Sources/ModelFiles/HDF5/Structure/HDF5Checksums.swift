/// The checksum of HDF5's later structures.
/// - Source: Bob Jenkins, lookup3, `hashlittle` with the initial value 0.
func lookup3(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
  var (b, c) = (a, a)
  if bytes.isEmpty { return c }
  var start = bytes.startIndex
  func word(_ offset: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<4 where start + offset + index < bytes.endIndex {
      value |= UInt32(bytes[start + offset + index]) << UInt32(8 * index)
    }
    return value
  }
  func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
  while true {
    a &+= word(0)
    b &+= word(4)
    c &+= word(8)
    if bytes.endIndex - start <= 12 { break }
    a = (a &- c) ^ rotated(c, 4)
    c &+= b
    b = (b &- a) ^ rotated(a, 6)
    a &+= c
    c = (c &- b) ^ rotated(b, 8)
    b &+= a
    a = (a &- c) ^ rotated(c, 16)
    c &+= b
    b = (b &- a) ^ rotated(a, 19)
    a &+= c
    c = (c &- b) ^ rotated(b, 4)
    b &+= a
    start += 12
  }
  c = (c ^ b) &- rotated(b, 14)
  a = (a ^ c) &- rotated(c, 11)
  b = (b ^ a) &- rotated(a, 25)
  c = (c ^ b) &- rotated(b, 16)
  a = (a ^ c) &- rotated(c, 4)
  b = (b ^ a) &- rotated(a, 14)
  c = (c ^ b) &- rotated(b, 24)
  return c
}

/// Fletcher's checksum of big-endian 16-bit words, as in HDF5's filter of that name.
func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var (first, second): (UInt32, UInt32) = (0, 0)
  func folded(_ sum: UInt32) -> UInt32 { (sum & 0xFFFF) + (sum >> 16) }
  var index = bytes.startIndex
  while index < bytes.endIndex {
    let low = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
    first = folded(first + (UInt32(bytes[index]) << 8 | UInt32(low)))
    second = folded(second + first)
    index += 2
  }
  return folded(second) << 16 | folded(first)
}
