internal import Glibc

/// A file to which lines are appended.
final class AppendedFile {
  /// The reason why the system refuses to open or to write the file.
  struct Refusal: Error {
    let reason = String(cString: strerror(errno))
  }

  private let descriptor: CInt

  /// - Parameter isEmptied: whether existing contents are removed.
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
