import Activations
import Foundation
import KerasFormat

/// Reads texts: the list of a .json file, or the lines of another, `-` for those of standard input.
func textSamples(_ path: String) throws -> [String] {
  let name = path == "-" ? "standard input" : path
  let bytes: Data
  do {
    bytes = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: path))
  } catch {
    throw FileError(file: name, expected: "a file of texts that can be read", found: error.localizedDescription)
  }
  let texts: [String]
  if path.lowercased().hasSuffix(".json") {
    let list = (try? Configuration(json: [UInt8](bytes)))?.asList
    texts = (list ?? []).compactMap(\.asString)
    guard let list, texts.count == list.count else {
      throw FileError(file: name, expected: "a list of texts in JSON", found: "something else")
    }
  } else {
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw FileError(file: name, expected: "a text in UTF-8 for each sample, one a line", found: "bytes that are none")
    }
    // A line break at the end begins no line.
    texts = text.split(separator: /\r?\n/, omittingEmptySubsequences: false).map(String.init).dropLastIfEmpty()
  }
  if texts.isEmpty { throw FileError(file: name, expected: "at least one text", found: "none") }
  return texts
}

extension [String] {
  fileprivate func dropLastIfEmpty() -> [String] { last == "" ? Array(dropLast()) : self }
}
