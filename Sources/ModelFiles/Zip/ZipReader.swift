internal import CZip
internal import Tensor

/// Reads a zip archive: stored or deflated members, which may exceed 4 GiB; checksums are compared.
///
/// Opening checks the directory: names are unique relative paths in UTF-8, sizes are possible, and members do not
/// overlap. Members are read one at a time.
final class ZipReader: Sendable {
  let file: FileBytes
  let members: [ZipMember]
  private let positions: [ExactName: Int]
  private let archive = Lock<OpenArchive?>(nil)

  convenience init(path: String) throws(ModelFileError) { try self.init(FileBytes(path: path)) }

  convenience init(bytes: [UInt8], name: String) throws(ModelFileError) {
    try self.init(FileBytes(bytes: bytes, name: name))
  }

  init(_ file: FileBytes) throws(ModelFileError) {
    self.file = file
    members = try ZipDirectory(of: file).members
    positions = Dictionary(uniqueKeysWithValues: members.enumerated().map { (ExactName($1.name), $0) })
  }

  subscript(name: String) -> ZipMember? { positions[ExactName(name)].map { members[$0] } }

  /// - Throws: ``ModelFileError`` if there is no such member, with the names of the existing ones.
  func member(_ name: String) throws(ModelFileError) -> ZipMember {
    guard let member = self[name] else {
      throw .missing("member", name, file: file.name, existing: members.lazy.map(\.name))
    }
    return member
  }

  /// Returns a whole member.
  /// - Parameter limit: the largest permitted size in bytes.
  func bytes(of name: String, limit: Int) throws(ModelFileError) -> [UInt8] {
    let member = try member(name)
    guard member.byteCount <= limit else {
      throw file.failure(of: name, .limit, "at most \(limit) bytes", "\(member.byteCount)")
    }
    return try read(member) { (source) throws(ModelFileError) -> [UInt8] in
      try [UInt8](byteCount: member.byteCount) { (memory) throws(ModelFileError) in try source.read(into: memory, at: 0)
      }
    }
  }

  /// Throws for a member that expands both to more than a number of bytes and to more than a multiple of its size in
  /// the file.
  func requireExpansion(of member: ZipMember, atMost maximum: Int, from bytes: Int) throws(ModelFileError) {
    guard member.isDeflated, member.byteCount > bytes else { return }
    let (largest, overflow) = member.compressedByteCount.multipliedReportingOverflow(by: maximum)
    guard overflow || member.byteCount <= largest else {
      throw file.failure(
        of: member.name, .limit,
        "at most \(bytes >> 20) MiB, or \(maximum) times its \(member.compressedByteCount) bytes in the file",
        "\(member.byteCount) bytes")
    }
  }

  /// Calls a function that reads from a member. If it has read to the end, the checksum is compared.
  func read<Value: Sendable>(
    _ member: ZipMember, _ body: (ZipMemberSource) throws(ModelFileError) -> Value
  ) throws(ModelFileError) -> Value {
    guard let position = positions[ExactName(member.name)] else { trap("the archive has no member \(member.name)") }
    let result = archive.withLock { archive in
      Result { () throws(ModelFileError) -> Value in
        if archive == nil { archive = try OpenArchive(file, members) }
        let source = try ZipMemberSource(member, position, archive!, file)
        let value = try body(source)
        try source.finish()
        return value
      }
    }
    return try result.get()
  }
}

/// An archive opened by libzip, used by one thread at a time under the reader's lock.
private final class OpenArchive: @unchecked Sendable {
  fileprivate let handle: OpaquePointer
  fileprivate let input: ZipInput

  fileprivate init(_ file: FileBytes, _ members: [ZipMember]) throws(ModelFileError) {
    input = ZipInput(file)
    guard let source = input.source() else {
      throw file.failure(.system, at: nil, expected: "memory to open the archive", found: "none")
    }
    var error = zip_error_t()
    guard let handle = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      let text = String(cString: zip_error_strerror(&error))
      zip_error_fini(&error)
      zip_source_free(source)
      throw input.failure
        ?? file.failure(.format, at: nil, expected: "an archive that can be opened", found: text)
    }
    self.handle = handle
    for (position, member) in members.enumerated() where !agrees(member, position) {
      throw file.failure(of: member.name, .format, "one directory", "two that differ")
    }
    guard zip_get_num_entries(handle, 0) == Int64(members.count) else {
      throw file.failure(.format, at: nil, expected: "one directory", found: "two that differ")
    }
  }

  deinit { zip_discard(handle) }

  /// Whether the library finds the checked member.
  private func agrees(_ member: ZipMember, _ position: Int) -> Bool {
    var status = zip_stat_t()
    guard zip_stat_index(handle, UInt64(position), ZIP_FL_ENC_RAW, &status) == 0, let name = status.name else {
      return false
    }
    return String(cString: name).utf8.elementsEqual(member.name.utf8) && status.size == UInt64(member.byteCount)
      && status.comp_size == UInt64(member.compressedByteCount) && status.crc == member.checksum
      && status.comp_method == (member.isDeflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE)
  }
}

/// A member read from beginning to end. Its first bytes are kept, so that headers can be inspected first.
final class ZipMemberSource: ByteSource {
  let member: ZipMember
  private let file: FileBytes
  private let archive: OpenArchive
  private let handle: OpaquePointer
  /// The bytes before `position`, until others have been read.
  private var prefix: [UInt8] = []
  private var position = 0

  fileprivate init(
    _ member: ZipMember, _ index: Int, _ archive: OpenArchive, _ file: FileBytes
  ) throws(ModelFileError) {
    self.member = member
    self.archive = archive
    self.file = file
    guard let handle = zip_fopen_index(archive.handle, UInt64(index), 0) else {
      throw archive.input.failure
        ?? file.failure(
          of: member.name, .format, "a member that can be opened",
          String(cString: zip_error_strerror(zip_get_error(archive.handle))))
    }
    self.handle = handle
  }

  deinit { zip_fclose(handle) }

  var name: String { file.name }
  var byteCount: Int { member.byteCount }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(ModelFileError) {
    guard memory.count <= byteCount - offset else {
      throw failure(
        .format, at: byteCount, expected: "\(memory.count) bytes from byte \(offset)", found: "the member's end")
    }
    let held = max(0, min(memory.count, prefix.count - offset))
    memory.copyBytes(from: prefix[min(offset, prefix.count)..<min(offset, prefix.count) + held])
    let rest = UnsafeMutableRawBufferPointer(rebasing: memory[held...])
    if rest.isEmpty { return }
    require(offset + held == position, "members are read in order: byte \(offset + held) comes after \(position)")
    let continuesPrefix = position == prefix.count && position + rest.count <= NumPyHeader.maximumPrefix
    try fill(rest)
    if continuesPrefix { prefix += rest }
  }

  private func fill(_ memory: UnsafeMutableRawBufferPointer) throws(ModelFileError) {
    var done = 0
    while done < memory.count {
      let count = Int(zip_fread(handle, memory.baseAddress! + done, UInt64(memory.count - done)))
      guard count > 0 else {
        throw count < 0
          ? libraryFailure()
          : failure(.format, at: position, expected: "\(byteCount) bytes in the member", found: "its end")
      }
      done += count
      position += count
    }
  }

  /// The library compares length and checksum when it reaches the end.
  fileprivate func finish() throws(ModelFileError) {
    guard position == byteCount else { return }
    var byte: UInt8 = 0
    let count = zip_fread(handle, &byte, 1)
    if count < 0 { throw libraryFailure() }
    if count > 0 {
      throw failure(.format, at: byteCount, expected: "the member's end, as the directory has it", found: "more bytes")
    }
  }

  private func libraryFailure() -> ModelFileError {
    if let failure = archive.input.failure { return failure }
    guard let error = zip_file_get_error(handle) else { trap("libzip fails without an error") }
    if zip_error_code_zip(error) == ZIP_ER_CRC {
      return file.failure(of: member.name, .checksum, "data with the directory's checksum", "another one")
    }
    return failure(
      .format, at: position, expected: "data of the archive", found: String(cString: zip_error_strerror(error)))
  }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> ModelFileError {
    ModelFileError(kind, file.name, in: "member \(member.name)", at: offset, expected: expected, found: found)
  }
}
