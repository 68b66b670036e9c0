import Foundation
import Layers
import Tensor

/// The kinds of standard output and standard error, so that colours and progress are shown only to people.
enum Terminal {
  static let isOutput = isatty(STDOUT_FILENO) == 1
  static let isErrors = isatty(STDERR_FILENO) == 1

  /// The width of standard output in characters; 80 if it is not a terminal that reports it.
  static var width: Int {
    var size = winsize()
    if isOutput, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.map { min(max($0, 20), 1000) } ?? 80
  }

  /// The height of standard output in lines; 24 if it is not a terminal that reports it.
  static var height: Int {
    var size = winsize()
    if isOutput, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 { return Int(size.ws_row) }
    return 24
  }

  /// Prints the parts of a model that were not read.
  static func warn(ofNotes model: Model<some RealScalar>) {
    for note in model.notes { warn(note.onOneLine) }
  }

  static func warn(_ text: String) { tell("warning", text) }
  static func note(_ text: String) { tell("note", text) }

  private static func tell(_ kind: String, _ text: String) {
    FileHandle.standardError.write(Data("\(kind): \(text)\n".utf8))
  }
}
