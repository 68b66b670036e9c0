// What archives with changed members need: CRC-32.

/// Gives every stored member of an archive the checksum of its data.
package func repairChecksums(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
  func number(_ offset: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
  guard bytes.count >= 22 else { return }
  var entry = number(bytes.count - 6, 4)
  while entry + 46 <= bytes.count, number(entry, 4) == 0x0201_4B50 {
    let (method, size, header) = (number(entry + 10, 2), number(entry + 20, 4), number(entry + 42, 4))
    if method == 0, header + 30 <= bytes.count {
      let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
      if start + size <= bytes.count {
        let sum = checksum(bytes[start..<start + size])
        for i in 0..<4 {
          bytes[entry + 16 + i] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(i)))
          bytes[header + 14 + i] = bytes[entry + 16 + i]
        }
      }
    }
    entry += 46 + number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2)
  }
}

package func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var sum: UInt32 = ~0
  for byte in bytes {
    let index = Int((sum ^ UInt32(byte)) & 0xFF)
    sum = checksumTable[index] ^ (sum >> 8)
  }
  return ~sum
}

private let checksumTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { sum, _ in (sum & 1) * 0xEDB8_8320 ^ (sum >> 1) }
}
