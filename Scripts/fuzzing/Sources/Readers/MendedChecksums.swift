/// Where the structures of HDF5's later layouts have their checksums, so that a change reaches what is behind them.
struct MendedChecksums {
  /// What is summed up; the checksum follows.
  private let structures: [Range<Int>]
  private let fileSize: Int

  private static let signatures = [
    "OHDR", "OCHK", "BTHD", "BTLF", "BTIN", "FRHP", "FHIB", "FAHD", "FADB", "EAHD", "EAIB", "EASB", "EADB",
  ].map { Array($0.utf8) }
  /// Longer structures are left as they are.
  private static let lengthLimit = 4096

  /// Finds the structures of a sound file: they end where the checksum is right.
  init(_ file: [UInt8]) {
    fileSize = file.count
    var structures: [Range<Int>] = []
    func hasChecksum(_ range: Range<Int>) -> Bool {
      let stored = (0..<4).reduce(UInt32(0)) { $0 | UInt32(file[range.upperBound + $1]) << UInt32(8 * $1) }
      return lookup3(file[range]) == stored
    }
    if file.count >= 48, file[8] >= 2, hasChecksum(0..<44) { structures.append(0..<44) }
    for start in stride(from: 0, to: file.count - 12, by: 1)
    where Self.signatures.contains(where: { file[start..<start + 4].elementsEqual($0) }) {
      let ends = start + 6..<min(start + Self.lengthLimit, file.count - 4)
      if let end = ends.first(where: { hasChecksum(start..<$0) }) { structures.append(start..<end) }
    }
    self.structures = structures
  }

  /// The bytes with the checksums that they would have; nothing has moved.
  func mend(_ bytes: inout [UInt8]) {
    guard bytes.count == fileSize else { return }
    for range in structures {
      let sum = lookup3(bytes[range])
      for index in 0..<4 { bytes[range.upperBound + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
    }
  }
}
