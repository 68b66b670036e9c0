extension HDF5Structure {
  /// Refuses virtual datasets in headers of later layouts, whatever points to them: the library follows what such datasets say as
  /// it opens them, and damaged ones out of its memory or without end. Headers that are damaged otherwise are left to the library,
  /// which compares their checksums.
  /// - Complexity: O(*m*) for *m* bytes of the file.
  func checkLaterHeaders() throws(ModelFileError) {
    var start = 0
    var walked = 0
    while let place = bytes.firstPosition(of: "OHDR", from: start) {
      start = place + 4
      guard let header = LaterHeader(at: place, bytes) else { continue }
      try check(header, &walked)
    }
  }

  /// - Parameter walked: how many bytes of messages have been met in all.
  private func check(_ header: LaterHeader, _ walked: inout Int) throws(ModelFileError) {
    var blocks = [header.messages]
    var met: Set<Int> = []
    while let block = blocks.popLast() {
      var offset = block.lowerBound
      while let message = LaterMessage(at: offset, before: block.upperBound, header, bytes) {
        switch message.kind {
        case 0x08 where message.isVirtualLayout(bytes):
          throw bytes.error(
            .limit, "byte \(message.body.lowerBound)", expected: "elements in this file", found: "a virtual dataset")
        case 0x10:
          if let rest = message.restOfHeader(bytes), met.insert(rest.lowerBound).inserted { blocks.append(rest) }
        default: break
        }
        offset = message.body.upperBound
      }
      walked += offset - block.lowerBound
      guard walked <= 2 * bytes.count else {
        throw bytes.error(
          .limit, "byte \(block.lowerBound)", expected: "headers beside each other", found: "overlapping ones")
      }
    }
  }
}

/// The first block of an object's header of version 2.
private struct LaterHeader {
  /// Where its messages stand.
  let messages: Range<Int>
  /// What stands before each of them.
  let prefixSize: Int

  /// None where the library finds no header.
  init?(at place: Int, _ bytes: HDF5Bytes) {
    guard let version = bytes.byte(place + 4), version == 2, let flags = bytes.byte(place + 5) else { return nil }
    prefixSize = flags & 0x04 == 0 ? 4 : 6
    let sizeOffset = place + 6 + (flags & 0x20 == 0 ? 0 : 16) + (flags & 0x10 == 0 ? 0 : 4)
    let width = 1 << (flags & 3)
    guard let size = bytes.number(sizeOffset, width) else { return nil }
    messages = bytes.range(from: sizeOffset + width, size)
  }
}

private struct LaterMessage {
  let kind: Int
  let body: Range<Int>

  /// None where what is left holds no message.
  init?(at offset: Int, before end: Int, _ header: LaterHeader, _ bytes: HDF5Bytes) {
    guard offset + header.prefixSize <= end, let kind = bytes.byte(offset), let size = bytes.number(offset + 1, 2)
    else {
      return nil
    }
    self.kind = kind
    let start = offset + header.prefixSize
    body = start..<min(start + size, end)
  }

  /// In layouts of version 1 and 2, which cannot be virtual, the number of axes stands where later ones have their kind.
  func isVirtualLayout(_ bytes: HDF5Bytes) -> Bool {
    guard let version = bytes.byte(body.lowerBound), version >= 3 else { return false }
    return bytes.byte(body.lowerBound + 1) == 3
  }

  /// Where the messages of the next block stand, between its signature and its checksum.
  func restOfHeader(_ bytes: HDF5Bytes) -> Range<Int>? {
    guard let start = bytes.number(body.lowerBound, 8), let size = bytes.number(body.lowerBound + 8, 8), size >= 8,
      bytes.has("OCHK", at: start)
    else { return nil }
    return bytes.range(from: start + 4, size - 8)
  }
}

extension HDF5Bytes {
  /// None where the file ends before.
  fileprivate func byte(_ offset: Int) -> Int? { number(offset, 1) }

  fileprivate func number(_ offset: Int, _ width: Int) -> Int? { try? integer(offset, width, "") }

  /// As far as the file goes.
  fileprivate func range(from start: Int, _ size: Int) -> Range<Int> {
    let start = min(start, count)
    return start..<start + min(size, count - start)
  }
}
