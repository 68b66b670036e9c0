internal import Tensor

/// The bytes of a file, or bytes in memory, with the errors of this module.
final class FileBytes: ByteSource, Sendable {
  private enum Backing {
    case file(FileSource)
    case memory([UInt8])
    case mapped(MappedFile)
  }

  let name: String
  let byteCount: Int
  private let backing: Backing

  /// Opens a regular file.
  init(path: String) throws(ModelFileError) {
    let file = try ModelFileError.from { () throws(NumPyFileError) in try FileSource(path: path) }
    name = path
    byteCount = file.byteCount
    backing = .file(file)
  }

  /// Maps a regular file into memory. The file must not change as long as this, or a tensor made from it, exists.
  init(mapping path: String) throws(ModelFileError) {
    let file = try ModelFileError.from { () throws(NumPyFileError) in try FileSource(path: path) }
    name = path
    byteCount = file.byteCount
    backing =
      byteCount == 0
      ? .memory([]) : .mapped(try ModelFileError.from { () throws(NumPyFileError) in try file.mapped() })
  }

  init(bytes: [UInt8], name: String) {
    self.name = name
    byteCount = bytes.count
    backing = .memory(bytes)
  }

  /// The file in memory, if it is mapped.
  var mapped: MappedFile? {
    if case .mapped(let file) = backing { file } else { nil }
  }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(ModelFileError) {
    guard offset >= 0, offset <= byteCount, memory.count <= byteCount - offset else {
      throw failure(
        .format, at: byteCount, expected: "\(memory.count) bytes from byte \(offset)", found: "the end of the file")
    }
    if memory.isEmpty { return }
    let range = offset..<offset + memory.count
    switch backing {
    case .file(let file):
      try ModelFileError.from { () throws(NumPyFileError) in try file.read(into: memory, at: offset) }
    case .memory(let bytes):
      bytes.withUnsafeBytes { memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .mapped(let file): memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[range]))
    }
  }

  /// Returns a range of the bytes.
  /// - Precondition: the range is not longer than the caller trusts the file to require.
  func bytes(_ range: Range<Int>) throws(ModelFileError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else {
      throw failure(
        .format, at: byteCount, expected: "\(range.count) bytes from byte \(range.lowerBound)",
        found: "the end of the file")
    }
    return try [UInt8](byteCount: range.count) { (memory) throws(ModelFileError) in
      try read(into: memory, at: range.lowerBound)
    }
  }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> ModelFileError {
    ModelFileError(kind, name, at: offset, expected: expected, found: found)
  }
}

/// Writes a file that appears under its name when it is complete.
func writeFile(_ bytes: [UInt8], to path: String) throws(ModelFileError) {
  let result = bytes.withUnsafeBytes { memory in
    Result { () throws(NumPyFileError) in
      let sink = try FileSink(path: path)
      try sink.write(memory)
      try sink.commit()
    }
  }
  try ModelFileError.from { () throws(NumPyFileError) in try result.get() }
}
