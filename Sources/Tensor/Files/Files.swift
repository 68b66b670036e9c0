internal import Glibc

// Files as the operating system gives them. The unsafe calls for them are all here.

/// Bytes in memory, for as long as a call lasts.
struct MemorySource: ByteSource {
  let name: String
  let bytes: UnsafeRawBufferPointer
  var byteCount: Int { bytes.count }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> NumPyFileError {
    NumPyFileError(kind: kind, file: name, offset: offset, expected: expected, found: found)
  }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(NumPyFileError) {
    guard offset >= 0, offset <= bytes.count, memory.count <= bytes.count - offset else {
      throw .endOfFile(name, bytes.count, needed: memory.count, at: offset)
    }
    if memory.isEmpty { return }
    memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + memory.count]))
  }
}

/// A regular file that is open for reading.
package final class FileSource: ByteSource, Sendable {
  package let name: String
  package let byteCount: Int
  private let descriptor: CInt

  package init(path: String) throws(NumPyFileError) {
    name = path
    try requirePath(path)
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(path, "a file that can be opened for reading", errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(path, "the file's status", code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a device, a pipe or a socket"
      throw NumPyFileError(kind: .system, file: path, offset: nil, expected: "a regular file", found: kind)
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  package func failure(
    _ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String
  ) -> NumPyFileError {
    NumPyFileError(kind: kind, file: name, offset: offset, expected: expected, found: found)
  }

  package func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(NumPyFileError) {
    var done = 0
    while done < memory.count {
      let count = pread(descriptor, memory.baseAddress! + done, min(memory.count - done, 1 << 30), off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .endOfFile(name, offset + done, needed: memory.count, at: offset)
      } else if errno != EINTR {
        throw .system(name, "\(memory.count - done) bytes to read", errno, offset: offset + done)
      }
    }
  }

  /// The whole file as memory that is only read.
  package func mapped() throws(NumPyFileError) -> MappedFile {
    let address = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw .system(name, "\(byteCount) bytes to map", errno) }
    return MappedFile(bytes: UnsafeRawBufferPointer(start: address, count: byteCount))
  }
}

/// A file in memory; gone when nobody holds it.
package final class MappedFile: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }
}

/// A file being written: under another name in the same directory, which `commit` changes into the right one, so that
/// nobody ever reads half a file. Without `commit` nothing remains. Pipes and devices are written to as they are.
package final class FileSink {
  private let path: String
  private let temporary: String?
  /// In ``TemporaryFiles``.
  private let place: Int?
  private let descriptor: CInt
  private var isOpen = true
  private var written = 0
  /// Whether bytes can be written at any place.
  package var isSeekable: Bool { temporary != nil }

  package init(path: String) throws(NumPyFileError) {
    try requirePath(path)
    var status = stat()
    let exists = stat(path, &status) == 0
    // What a symbolic link points to is replaced or made, not the link.
    let linked = try linkedPath(path)
    var linkedStatus = stat()
    // Links of the system, such as /dev/stdout, may lead to a file that has no name.
    let isNamed = !exists || (lstat(linked, &linkedStatus) == 0 && linkedStatus.st_ino == status.st_ino)
    if !isNamed || exists && status.st_mode & S_IFMT != S_IFREG {
      self.path = path
      (temporary, place) = (nil, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      self.path = linked
      // Not longer than the right name might be.
      let directory = folder(of: self.path)
      var candidate: String
      var listed: Int?
      var opened: CInt
      repeat {
        if let listed { TemporaryFiles.remove(at: listed) }
        let number = UInt64(getpid()) << 32 | UInt64(UInt32.random(in: .min ... .max))
        candidate = directory + "." + String(number, radix: 36) + ".tmp"
        // Before there is a file: a signal may come as soon as there is one. No living process has one of this name.
        listed = TemporaryFiles.add(candidate)
        opened = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      } while opened < 0 && errno == EEXIST
      temporary = candidate
      descriptor = opened
      place = listed
      // Who may read, write and run it stays; that it runs with its owner's rights does not, as with any write.
      if opened >= 0 && exists { _ = fchmod(opened, status.st_mode & 0o777) }
    }
    guard descriptor >= 0 else {
      isOpen = false
      throw .system(path, "a file that can be opened for writing", errno)
    }
  }

  /// Standard output, written to as it comes. Committing closes no more than this sink.
  package static func standardOutput() throws(NumPyFileError) -> FileSink {
    let descriptor = dup(STDOUT_FILENO)
    if descriptor < 0 { throw .system("standard output", "a file that can be written to", errno) }
    return FileSink(descriptor: descriptor, name: "standard output")
  }

  private init(descriptor: CInt, name: String) {
    path = name
    (temporary, place) = (nil, nil)
    self.descriptor = descriptor
  }

  deinit {
    if isOpen {
      close(descriptor)
      if let temporary { unlink(temporary) }
    }
    if let place { TemporaryFiles.remove(at: place) }
  }

  /// Writes after what has been written so far.
  package func write(_ memory: UnsafeRawBufferPointer) throws(NumPyFileError) {
    try write(memory, at: written) { Glibc.write(descriptor, $0, $1) }
    written += memory.count
  }

  /// Writes at any place of a file that is seekable.
  package func write(_ memory: UnsafeRawBufferPointer, at offset: Int) throws(NumPyFileError) {
    var place = offset
    try write(memory, at: offset) { address, count in
      let done = pwrite(descriptor, address, count, off_t(place))
      place += max(done, 0)
      return done
    }
  }

  private func write(
    _ memory: UnsafeRawBufferPointer, at offset: Int, _ call: (UnsafeRawPointer, Int) -> Int
  ) throws(NumPyFileError) {
    var done = 0
    while done < memory.count {
      let count = call(memory.baseAddress! + done, min(memory.count - done, 1 << 30))
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        let code = errno
        let expected = code == EPIPE ? "a reader of" : "room for"
        throw .system(path, "\(expected) \(memory.count - done) more bytes", code, offset: offset + done)
      }
    }
  }

  /// Closes the file and gives it its name.
  package func commit() throws(NumPyFileError) {
    isOpen = false
    if close(descriptor) != 0 {
      let code = errno
      if let temporary { unlink(temporary) }
      throw .system(path, "a file that can be closed", code)
    }
    guard let temporary else { return }
    if rename(temporary, path) != 0 {
      let code = errno
      unlink(temporary)
      throw .system(path, "a file that can be replaced", code)
    }
  }
}

/// The system would read a path up to a NUL, and find another file.
private func requirePath(_ path: String) throws(NumPyFileError) {
  if path.utf8.contains(0) {
    throw NumPyFileError(kind: .system, file: path, offset: nil, expected: "a path without NUL", found: "one with it")
  }
}

/// The path behind symbolic links, whether there is a file or not. Links in the folders of the path stay.
private func linkedPath(_ path: String) throws(NumPyFileError) -> String {
  var path = path
  var target = [CChar](repeating: 0, count: Int(PATH_MAX))
  // As many as the system follows.
  for _ in 0..<40 {
    let count = readlink(path, &target, target.count)
    if count < 0 { return path }
    let bytes = target[..<count].map { UInt8(bitPattern: $0) }
    guard let link = String(validating: bytes, as: UTF8.self) else {
      throw NumPyFileError(
        kind: .system, file: path, offset: nil, expected: "a symbolic link to a name in UTF-8",
        found: "one to other bytes")
    }
    path = link.utf8.first == UInt8(ascii: "/") ? link : folder(of: path) + link
  }
  throw .system(path, "a file that can be opened for writing", ELOOP)
}

/// Up to and with the last slash.
private func folder(of path: String) -> String {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
}

extension NumPyFileError {
  static func system(_ file: String, _ expected: String, _ code: CInt, offset: Int? = nil) -> NumPyFileError {
    var found = code == ENOENT ? "no such file or folder" : "the error \(code) (\(String(cString: strerror(code))))"
    if code == ENOENT && file.unicodeScalars.contains("\u{FFFD}") {
      found +=
        "; where its name has bytes that are not UTF-8, for which U+FFFD stands, it cannot be opened by that name"
    }
    return NumPyFileError(kind: .system, file: file, offset: offset, expected: expected, found: found)
  }

  fileprivate static func endOfFile(_ file: String, _ end: Int, needed: Int, at offset: Int) -> NumPyFileError {
    NumPyFileError(
      kind: .size, file: file, offset: end, expected: "\(needed) bytes from byte \(offset)",
      found: "the end of the file")
  }
}
