internal import CZip
internal import Tensor

// libzip's reading and writing of data other than files: it calls one function with a command and an object.

/// A source or destination for libzip. Subclasses implement the commands that they support.
class ZipStream {
  /// The next byte that is read or written.
  var position = 0
  /// The error on this side, which libzip cannot report.
  private(set) var failure: ModelFileError?
  private var code: (CInt, CInt) = (ZIP_ER_OK, 0)

  var commands: [zip_source_cmd] {
    [ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE]
  }
  var byteCount: Int { 0 }

  func open() throws(ModelFileError) { position = 0 }
  /// - Returns: the number of bytes read.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(ModelFileError) -> Int { 0 }
  func close() {}
  func write(_ memory: UnsafeRawBufferPointer) throws(ModelFileError) {}

  /// The object referenced by libzip until it frees it.
  func source() -> OpaquePointer? {
    let object = Unmanaged.passRetained(self)
    guard let source = zip_source_function_create(ZipStream.callback, object.toOpaque(), nil) else {
      object.release()
      return nil
    }
    return source
  }

  private static let callback: zip_source_callback = { object, data, length, command in
    guard let object else { return -1 }
    if command == ZIP_SOURCE_FREE {
      Unmanaged<ZipStream>.fromOpaque(object).release()
      return 0
    }
    return Unmanaged<ZipStream>.fromOpaque(object).takeUnretainedValue().perform(command, data, Int(length))
  }

  private func perform(_ command: zip_source_cmd, _ data: UnsafeMutableRawPointer?, _ length: Int) -> Int64 {
    do throws(ModelFileError) {
      switch command {
      case ZIP_SOURCE_OPEN: try open()
      case ZIP_SOURCE_READ:
        return Int64(try read(into: UnsafeMutableRawBufferPointer(start: data, count: length)))
      case ZIP_SOURCE_CLOSE: close()
      case ZIP_SOURCE_WRITE:
        try write(UnsafeRawBufferPointer(start: data, count: length))
        return Int64(length)
      case ZIP_SOURCE_SEEK, ZIP_SOURCE_SEEK_WRITE: return seek(data, length)
      case ZIP_SOURCE_TELL, ZIP_SOURCE_TELL_WRITE: return Int64(position)
      case ZIP_SOURCE_BEGIN_WRITE: position = 0
      case ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_REMOVE: break
      case ZIP_SOURCE_STAT: return status(data)
      case ZIP_SOURCE_ERROR: return errorCode(data, length)
      case ZIP_SOURCE_SUPPORTS: return commands.reduce(0) { $0 | 1 << Int64($1.rawValue) }
      default:
        code = (ZIP_ER_OPNOTSUPP, 0)
        return -1
      }
      return 0
    } catch {
      failure = error
      code = (ZIP_ER_READ, 0)
      return -1
    }
  }

  private func seek(_ data: UnsafeMutableRawPointer?, _ length: Int) -> Int64 {
    guard let data else { return -1 }
    var error = zip_error_t()
    let target = zip_source_seek_compute_offset(UInt64(position), UInt64(byteCount), data, UInt64(length), &error)
    guard target >= 0 else {
      code = (error.zip_err, error.sys_err)
      return -1
    }
    position = Int(target)
    return 0
  }

  private func status(_ data: UnsafeMutableRawPointer?) -> Int64 {
    guard let status = data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
    zip_stat_init(status)
    status.pointee.size = UInt64(byteCount)
    status.pointee.valid |= UInt64(ZIP_STAT_SIZE)
    return Int64(MemoryLayout<zip_stat_t>.size)
  }

  private func errorCode(_ data: UnsafeMutableRawPointer?, _ length: Int) -> Int64 {
    let size = 2 * MemoryLayout<CInt>.size
    guard let data, length >= size else { return -1 }
    data.storeBytes(of: code.0, as: CInt.self)
    data.storeBytes(of: code.1, toByteOffset: MemoryLayout<CInt>.size, as: CInt.self)
    return Int64(size)
  }
}

/// The source of an archive.
final class ZipInput: ZipStream {
  private let file: FileBytes

  init(_ file: FileBytes) { self.file = file }

  override var commands: [zip_source_cmd] {
    super.commands + [ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS]
  }
  override var byteCount: Int { file.byteCount }

  override func read(into memory: UnsafeMutableRawBufferPointer) throws(ModelFileError) -> Int {
    let count = max(0, min(memory.count, file.byteCount - position))
    try file.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[..<count]), at: position)
    position += count
    return count
  }
}

/// The destination of an archive: a file or memory.
final class ZipOutput: ZipStream {
  private let sink: FileSink?
  private let path: String
  private(set) var bytes: [UInt8] = []
  private var written = 0

  /// - Parameter sink: a seekable file; by default the bytes are kept.
  init(_ sink: FileSink?, path: String) {
    self.sink = sink
    self.path = path
  }

  override var commands: [zip_source_cmd] {
    super.commands + [
      ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE,
      ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE,
    ]
  }
  override var byteCount: Int { written }

  override func write(_ memory: UnsafeRawBufferPointer) throws(ModelFileError) {
    if memory.isEmpty { return }
    if let sink {
      let place = position
      try ModelFileError.from { () throws(NumPyFileError) in try sink.write(memory, at: place) }
    } else {
      let overlap = min(memory.count, bytes.count - position)
      bytes.replaceSubrange(position..<position + overlap, with: memory)
    }
    position += memory.count
    written = max(written, position)
  }
}

/// The source of a member: its bytes are created when libzip needs them, and freed afterwards.
final class ZipMemberInput: ZipStream {
  private let content: ZipContent
  private var bytes: [UInt8] = []

  init(_ content: ZipContent) { self.content = content }

  override var byteCount: Int { content.byteCount }

  override func open() throws(ModelFileError) {
    position = 0
    bytes = try content.make()
    require(bytes.count == content.byteCount, "a member has \(bytes.count) bytes, not \(content.byteCount)")
  }

  override func read(into memory: UnsafeMutableRawBufferPointer) throws(ModelFileError) -> Int {
    let count = min(memory.count, bytes.count - position)
    if count > 0 {
      bytes.withUnsafeBytes {
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
      }
    }
    position += count
    return count
  }

  override func close() { bytes = [] }
}
