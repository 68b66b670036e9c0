internal import Tensor

// The directory at the end of a zip archive, checked before libzip opens the file. Source: PKWARE's APPNOTE.TXT,
// version 6.3.10, sections 4.3 and 4.5.3.

/// The position of the directory, and the number of its members.
struct ZipEndRecord {
  let directory: Range<Int>
  let memberCount: Int

  private static let byteCount = 22
  private static let locatorByteCount = 20
  private static let longByteCount = 56
  private static let maximumComment = 65_535

  /// Finds the end record, which may be followed only by a comment of at most 65,535 bytes.
  init(of file: FileBytes) throws(ModelFileError) {
    let start = max(0, file.byteCount - Self.byteCount - Self.maximumComment)
    let tail = LittleEndianBytes(try file.bytes(start..<file.byteCount))
    guard let place = Self.place(in: tail) else {
      throw file.failure(
        .format, at: file.byteCount, expected: "the end record of a zip archive, its comment and nothing after it",
        found: "other bytes: the file is cut short, longer than the archive, or none")
    }
    let position = start + place
    var memberCount = Int(tail.uint16(place + 10))
    var byteCount = Int(tail.uint32(place + 12))
    var offset = Int(tail.uint32(place + 16))
    var end = position
    var disks = [tail.uint16(place + 4), tail.uint16(place + 6)].map(UInt32.init)
    var membersHere = Int(tail.uint16(place + 8))

    let locator = place - Self.locatorByteCount
    if locator >= 0, tail.uint32(locator) == 0x0706_4B50 {
      end = Self.integer(tail.uint64(locator + 8))
      guard end <= start + locator - Self.longByteCount else {
        throw file.failure(
          .format, at: start + locator + 8, expected: "the place of a zip64 end record before byte \(start + locator)",
          found: "\(end)")
      }
      let long = LittleEndianBytes(try file.bytes(end..<end + Self.longByteCount))
      guard long.uint32(0) == 0x0606_4B50 else {
        throw file.failure(.format, at: end, expected: "a zip64 end record", found: "other bytes")
      }
      disks = [long.uint32(16), long.uint32(20)]
      membersHere = Self.integer(long.uint64(24))
      memberCount = Self.integer(long.uint64(32))
      byteCount = Self.integer(long.uint64(40))
      offset = Self.integer(long.uint64(48))
    }
    guard disks.allSatisfy({ $0 == 0 }), membersHere == memberCount else {
      throw file.failure(.unsupported, at: position, expected: "an archive in one file", found: "one of several parts")
    }
    let (directoryEnd, overflow) = offset.addingReportingOverflow(byteCount)
    guard !overflow, directoryEnd == end else {
      throw file.failure(
        .format, at: position, expected: "a directory that ends at byte \(end), where its end record begins",
        found: "one of \(byteCount) bytes that begins at byte \(offset)")
    }
    guard memberCount <= byteCount / ZipDirectory.entryByteCount else {
      throw file.failure(
        .format, at: position, expected: "at most \(byteCount / ZipDirectory.entryByteCount) members in the directory",
        found: "\(memberCount)")
    }
    directory = offset..<directoryEnd
    self.memberCount = memberCount
  }

  /// The last record whose comment ends with the file.
  private static func place(in tail: LittleEndianBytes) -> Int? {
    let last = tail.count - byteCount
    guard last >= 0 else { return nil }
    return stride(from: last, through: 0, by: -1).first { place in
      tail.uint32(place) == 0x0605_4B50 && place + byteCount + Int(tail.uint16(place + 20)) == tail.count
    }
  }

  /// Numbers that no file has are replaced by the largest, and fail when they are checked.
  private static func integer(_ value: UInt64) -> Int { Int(clamping: value) }
}

/// The members of an archive, all of which are valid, separate, and of supported kinds.
struct ZipDirectory {
  static let entryByteCount = 46
  private static let headerByteCount = 30
  private static let longestName = Int(UInt16.max)
  /// The largest number of bytes that deflate can expand a byte to.
  private static let largestExpansion = 1032

  let members: [ZipMember]

  init(of file: FileBytes) throws(ModelFileError) {
    let end = try ZipEndRecord(of: file)
    let bytes = LittleEndianBytes(try file.bytes(end.directory))
    var members: [ZipMember] = []
    members.reserveCapacity(end.memberCount)
    var place = 0
    for _ in 0..<end.memberCount {
      members.append(try Self.member(in: bytes, &place, file, end.directory.lowerBound))
    }
    guard place == bytes.count else {
      throw file.failure(
        .format, at: end.directory.lowerBound + place,
        expected: "the end of the directory after \(members.count) members",
        found: "\(bytes.count - place) more bytes")
    }
    try Self.requireUniqueNames(members, file)
    try Self.requireApart(members, file, end: end.directory.lowerBound)
    self.members = members
  }

  private static func member(
    in bytes: LittleEndianBytes, _ place: inout Int, _ file: FileBytes, _ start: Int
  ) throws(ModelFileError) -> ZipMember {
    let entry = place
    func damaged(_ expected: String, _ found: String) -> ModelFileError {
      file.failure(.format, at: start + entry, expected: expected, found: found)
    }
    guard entry + entryByteCount <= bytes.count, bytes.uint32(entry) == 0x0201_4B50 else {
      throw damaged("an entry of the archive's directory", "other bytes")
    }
    let nameCount = Int(bytes.uint16(entry + 28))
    let extraCount = Int(bytes.uint16(entry + 30))
    let nameStart = entry + entryByteCount
    let extraStart = nameStart + nameCount
    place = extraStart + extraCount + Int(bytes.uint16(entry + 32))
    guard place <= bytes.count else { throw damaged("an entry that ends with the directory", "a longer one") }

    guard let name = String(validating: bytes.bytes[nameStart..<extraStart], as: UTF8.self) else {
      throw damaged("the name of a member in UTF-8", "other bytes")
    }
    try require(name, file)
    var sizes = ZipSizes(
      byteCount: UInt64(bytes.uint32(entry + 24)), compressedByteCount: UInt64(bytes.uint32(entry + 20)),
      headerOffset: UInt64(bytes.uint32(entry + 42)))
    guard sizes.complete(from: bytes, extraStart..<extraStart + extraCount), sizes.fit(file.byteCount) else {
      throw file.failure(of: name, .format, "sizes and a place within the file's \(file.byteCount) bytes", "others")
    }
    let flags = bytes.uint16(entry + 8)
    guard flags & 0x2041 == 0 else {
      throw file.failure(of: name, .unsupported, "a member without encryption", "encryption")
    }
    let method = bytes.uint16(entry + 10)
    guard method == 0 || method == 8 else {
      throw file.failure(of: name, .unsupported, "the method 0 (stored) or 8 (deflated)", "\(method)")
    }
    let member = ZipMember(
      name: name, byteCount: Int(sizes.byteCount), compressedByteCount: Int(sizes.compressedByteCount),
      isDeflated: method == 8, checksum: bytes.uint32(entry + 16), directoryOffset: start + entry,
      headerOffset: Int(sizes.headerOffset))
    try require(member, file)
    return member
  }

  /// Names are paths within the archive's directory.
  static func require(_ name: String, _ file: FileBytes) throws(ModelFileError) {
    guard name.utf8.count <= longestName else {
      throw file.failure(
        of: name.shortened(to: 60), .limit, "a name of at most \(longestName) bytes", "one of \(name.utf8.count)")
    }
    let parts = name.parts(between: "/", omittingEmpty: false)
    let isAbsolute = parts.count > 1 && parts[0].isEmpty
    guard !name.isEmpty, !isAbsolute, !parts.contains(".."), !name.utf8.contains(0),
      !name.utf8.contains(UInt8(ascii: "\\"))
    else {
      throw file.failure(of: name, .limit, "a relative path without .. and \\", "\"\(name)\"")
    }
  }

  private static func require(_ member: ZipMember, _ file: FileBytes) throws(ModelFileError) {
    if member.isDeflated {
      let (largest, overflow) = member.compressedByteCount.multipliedReportingOverflow(by: largestExpansion)
      guard overflow || member.byteCount <= largest else {
        throw file.failure(
          of: member.name, .limit,
          "at most \(largest) bytes, as \(member.compressedByteCount) can be inflated to", "\(member.byteCount)")
      }
    } else if member.byteCount != member.compressedByteCount {
      throw file.failure(
        of: member.name, .format, "\(member.compressedByteCount) bytes, as are stored", "\(member.byteCount)")
    }
  }

  private static func requireUniqueNames(_ members: [ZipMember], _ file: FileBytes) throws(ModelFileError) {
    var names: Set<ExactName> = []
    for member in members where !names.insert(ExactName(member.name)).inserted {
      throw file.failure(of: member.name, .format, "each name once", "it twice")
    }
  }

  /// Members must not share bytes, and nothing may precede the first.
  private static func requireApart(
    _ members: [ZipMember], _ file: FileBytes, end: Int
  ) throws(ModelFileError) {
    var position = 0
    for member in members.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      let isFirst = position == 0
      guard isFirst ? member.headerOffset == 0 : member.headerOffset >= position else {
        let expected = isFirst ? "the first member at byte 0" : "a member after byte \(position), where another ends"
        throw file.failure(of: member.name, .format, expected, "byte \(member.headerOffset)")
      }
      position = try Self.end(of: member, file, end: end)
    }
  }

  /// The end of a member's data according to its own header, which must agree with the directory.
  private static func end(of member: ZipMember, _ file: FileBytes, end: Int) throws(ModelFileError) -> Int {
    let dataStart = member.headerOffset + headerByteCount
    func damaged(_ expected: String, _ found: String) -> ModelFileError {
      file.failure(of: member.name, .format, expected, found)
    }
    guard dataStart <= end else { throw damaged("a header before the directory", "byte \(member.headerOffset)") }
    let header = LittleEndianBytes(try file.bytes(member.headerOffset..<dataStart))
    guard header.uint32(0) == 0x0403_4B50 else {
      throw damaged("a header at byte \(member.headerOffset)", "other bytes")
    }
    let nameEnd = dataStart + Int(header.uint16(26))
    let position = nameEnd + Int(header.uint16(28))
    guard position <= end, member.compressedByteCount <= end - position else {
      throw damaged(
        "\(member.compressedByteCount) bytes of data between header and directory", "\(max(0, end - position))")
    }
    guard header.uint16(6) & 0x2041 == 0, header.uint16(8) == (member.isDeflated ? 8 : 0),
      Array(member.name.utf8) == (try file.bytes(dataStart..<nameEnd))
    else {
      throw damaged("name, method and flags in its header as in the directory", "others")
    }
    return position + member.compressedByteCount
  }
}

/// The numbers of a directory's entry that may be too large for it and are then in a separate field.
private struct ZipSizes {
  var byteCount: UInt64
  var compressedByteCount: UInt64
  var headerOffset: UInt64

  /// Reads missing numbers from the zip64 field.
  /// - Returns: whether the field exists.
  mutating func complete(from bytes: LittleEndianBytes, _ extra: Range<Int>) -> Bool {
    let saturated = UInt64(UInt32.max)
    if byteCount < saturated && compressedByteCount < saturated && headerOffset < saturated { return true }
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      let end = place + 4 + Int(bytes.uint16(place + 2))
      guard end <= extra.upperBound else { return false }
      guard bytes.uint16(place) == 1 else {
        place = end
        continue
      }
      place += 4
      for number in [\ZipSizes.byteCount, \.compressedByteCount, \.headerOffset]
      where self[keyPath: number] == saturated {
        guard place + 8 <= end else { return false }
        self[keyPath: number] = bytes.uint64(place)
        place += 8
      }
      return true
    }
    return false
  }

  /// Whether these numbers are possible in a file of this size, and the uncompressed size can be counted.
  func fit(_ fileByteCount: Int) -> Bool {
    byteCount <= UInt64(Int.max / 2) && compressedByteCount <= UInt64(fileByteCount)
      && headerOffset <= UInt64(fileByteCount)
  }
}

/// Bytes with little-endian numbers in them.
struct LittleEndianBytes {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  func uint16(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
  func uint32(_ offset: Int) -> UInt32 { UInt32(uint16(offset)) | UInt32(uint16(offset + 2)) << 16 }
  func uint64(_ offset: Int) -> UInt64 { UInt64(uint32(offset)) | UInt64(uint32(offset + 4)) << 32 }
}

extension FileBytes {
  /// An error in a member of the archive.
  func failure(
    of member: String, _ kind: ModelFileError.Kind, _ expected: String, _ found: String
  ) -> ModelFileError {
    ModelFileError(kind: kind, file: name, place: "member \(member)", expected: expected, found: found)
  }
}
