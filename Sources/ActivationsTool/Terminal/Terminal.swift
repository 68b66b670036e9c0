import Foundation
import Layers
import Tensor

/// What standard output and standard error are, so that colours and progress go to people only.
enum Terminal {
  static let isOutput = isatty(STDOUT_FILENO) == 1
  static let isErrors = isatty(STDERR_FILENO) == 1

  /// Characters in a line of standard output, 80 where it is no terminal that says so.
  static var width: Int {
    var size = winsize()
    if isOutput, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.map { min(max($0, 20), 1000) } ?? 80
  }

  /// Lines of standard output, 24 where it is no terminal that says so.
  static var height: Int {
    var size = winsize()
    if isOutput, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 { return Int(size.ws_row) }
    return 24
  }

  /// What reading a model left aside.
  static func warn(ofNotes model: Model<some RealScalar>) {
    for note in model.notes { warn(note.onOneLine) }
  }

  static func warn(_ text: String) { FileHandle.standardError.write(Data("warning: \(text)\n".utf8)) }
}
