import Foundation
import Layers
import Tensor

/// The names of a model's classes, one a line.
enum ClassLabels {
  /// - Throws: ``FileError`` unless there are as many as classes.
  static func read(_ path: String, count: Int) throws -> [String] {
    let source = try FileSource(path: path)
    let limit = 1 << 28
    guard source.byteCount <= limit else {
      throw FileError(file: path, expected: "at most \(grouped(limit)) bytes", found: grouped(source.byteCount))
    }
    guard var text = String(validating: try source.prefix(source.byteCount), as: UTF8.self) else {
      throw FileError(file: path, expected: "a text in UTF-8", found: "other bytes")
    }
    // Editors of some systems begin a text with a byte order mark.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    var labels = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { String($0) }
    while labels.last?.isEmpty == true { labels.removeLast() }
    guard labels.count == count else {
      throw FileError(
        file: path, expected: "\(count) labels, one a line, as the model has classes", found: "\(labels.count)")
    }
    return labels
  }
}
