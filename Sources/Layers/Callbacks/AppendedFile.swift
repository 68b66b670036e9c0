internal import Glibc

/// A file that lines are written behind.
final class AppendedFile {
  /// Why the system refuses to open or to write it.
  struct Refusal: Error {
    let reason = String(cString: strerror(errno))
  }

  private let descriptor: CInt

  /// - Parameter isEmptied: whether what the file has held before goes.
  init(path: String, isEmptied: Bool) throws(Refusal) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (isEmptied ? O_TRUNC : 0), 0o666)
    if descriptor < 0 { throw Refusal() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ text: String) throws(Refusal) {
    var rest = Substring(text).utf8
    while !rest.isEmpty {
      let count = rest.withContiguousStorageIfAvailable { Glibc.write(descriptor, $0.baseAddress!, $0.count) } ?? -1
      if count >= 0 { rest.removeFirst(count) } else if errno != EINTR { throw Refusal() }
    }
  }
}
