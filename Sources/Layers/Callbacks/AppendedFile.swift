internal import Glibc

/// A file that lines are appended to.
final class AppendedFile {
  /// Why the system refuses to open, to write or to close it.
  struct Refusal: Error {
    let reason = String(cString: strerror(errno))
  }

  private let descriptor: CInt
  private var isOpen = true

  /// - Parameter isEmptied: whether what the file has held before goes.
  init(path: String, isEmptied: Bool) throws(Refusal) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (isEmptied ? O_TRUNC : 0), 0o666)
    if descriptor < 0 { throw Refusal() }
  }

  deinit { if isOpen && descriptor >= 0 { Glibc.close(descriptor) } }

  func write(_ text: String) throws(Refusal) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw Refusal() }
    }
  }

  /// Some systems say only here that there was no room.
  func close() throws(Refusal) {
    isOpen = false
    if Glibc.close(descriptor) != 0 { throw Refusal() }
  }
}
