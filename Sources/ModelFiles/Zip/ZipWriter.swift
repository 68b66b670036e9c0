internal import CZip
internal import Tensor

/// The bytes of a member, created when they are written.
struct ZipContent {
  let byteCount: Int
  /// Called once or more, always with the same result.
  let make: () throws(ModelFileError) -> [UInt8]

  init(byteCount: Int, _ make: @escaping () throws(ModelFileError) -> [UInt8]) {
    self.byteCount = byteCount
    self.make = make
  }

  init(_ bytes: [UInt8]) {
    self.init(byteCount: bytes.count) { bytes }
  }
}

/// Writes zip archives: members in the given order, dated 1980-01-01, so that the same content gives the same bytes.
enum ZipWriter {
  typealias Member = (name: String, content: ZipContent)

  /// Writes an archive that appears under its name when it is complete. Memory is needed for one member at a time.
  static func write(_ members: [Member], to path: String, compressed: Bool) throws(ModelFileError) {
    let sink = try ModelFileError.from { () throws(NumPyFileError) in try FileSink(path: path) }
    let output = ZipOutput(sink.isSeekable ? sink : nil, path: path)
    try write(members, to: output, path, compressed)
    let rest = output.bytes.withUnsafeBytes { memory in
      Result { () throws(NumPyFileError) in
        if !memory.isEmpty { try sink.write(memory) }
        try sink.commit()
      }
    }
    try ModelFileError.from { () throws(NumPyFileError) in try rest.get() }
  }

  /// Returns an archive in memory.
  static func bytes(_ members: [Member], name: String, compressed: Bool) throws(ModelFileError) -> [UInt8] {
    let output = ZipOutput(nil, path: name)
    try write(members, to: output, name, compressed)
    return output.bytes
  }

  private static func write(
    _ members: [Member], to output: ZipOutput, _ path: String, _ compressed: Bool
  ) throws(ModelFileError) {
    if members.isEmpty {
      // The library does not write an empty archive.
      let record = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)
      let result = record.withUnsafeBytes { memory in Result { () throws(ModelFileError) in try output.write(memory) } }
      return try result.get()
    }
    func failure(_ code: UnsafeMutablePointer<zip_error_t>) -> ModelFileError {
      ModelFileError(
        kind: .system, file: path, expected: "an archive that can be written",
        found: String(cString: zip_error_strerror(code)))
    }
    var code = zip_error_t()
    guard let source = output.source() else {
      throw ModelFileError(kind: .system, file: path, expected: "memory to write an archive", found: "none")
    }
    guard let archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
      zip_source_free(source)
      throw failure(&code)
    }
    var inputs: [ZipMemberInput] = []
    for member in members {
      let input = ZipMemberInput(member.content)
      inputs.append(input)
      guard add(input, member.name, to: archive, compressed) else {
        let error = failure(zip_get_error(archive))
        zip_discard(archive)
        throw error
      }
    }
    if zip_close(archive) != 0 {
      let error = output.failure ?? inputs.lazy.compactMap(\.failure).first ?? failure(zip_get_error(archive))
      zip_discard(archive)
      throw error
    }
  }

  private static func add(
    _ input: ZipMemberInput, _ name: String, to archive: OpaquePointer, _ compressed: Bool
  ) -> Bool {
    guard let source = input.source() else { return false }
    let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    let method = compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE
    return zip_set_file_compression(archive, UInt64(index), method, 0) == 0
      && zip_file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
  }
}
