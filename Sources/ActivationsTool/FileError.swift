import Tensor

/// A file with unexpected contents.
struct FileError: Error, CustomStringConvertible {
  let file: String
  let expected: String
  let found: String

  init(file: String, expected: String, found: String) {
    self.file = file
    self.expected = expected
    self.found = found
  }

  init(file: String, expected: String, found: [Int]) {
    self.init(file: file, expected: expected, found: "the shape \(found)")
  }

  var description: String { "\(file.onOneLine): expected \(expected), found \(found)" }
}
