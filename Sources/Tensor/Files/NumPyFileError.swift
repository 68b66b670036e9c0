/// Why a `.npy` file could not be read or written: which file, which byte, what was expected and what was found.
public struct NumPyFileError: Error, Hashable, Sendable {
  /// What went wrong.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// The operating system refused: no such file, no permission, no space.
    case system
    /// These are not the bytes of a `.npy` file, or its header is damaged.
    case format
    /// The file is sound but holds what tensors cannot: objects, strings, records, complex numbers, too many axes.
    case unsupported
    /// The elements are not of the tensor's type, and conversion was not asked for.
    case elementType
    /// There are fewer or more bytes of data than the header announces.
    case size
    /// The file can be read but not mapped into memory.
    case notMappable
  }

  /// What went wrong.
  public let kind: Kind
  /// The path, or the name given to bytes in memory.
  public let file: String
  /// Where in the file, if that can be said.
  public let offset: Int?
  /// What should have been there.
  public let expected: String
  /// What was there.
  public let found: String
}

extension NumPyFileError: CustomStringConvertible {
  /// One line: `weights.npy, byte 10: expected …, found …`.
  public var description: String {
    let name = file.onOneLine
    let place = offset.map { "\(name), byte \($0)" } ?? name
    return "\(place): expected \(expected), found \(found)"
  }
}

extension String {
  /// The beginning of what comes from a file and may be of any length.
  package func shortened(to count: Int) -> String {
    guard let end = unicodeScalars.index(startIndex, offsetBy: count, limitedBy: endIndex), end < endIndex else {
      return self
    }
    return String(unicodeScalars[..<end]) + "…"
  }

  /// The text with line feeds and other control characters escaped, as error texts give the names of files.
  package var onOneLine: String {
    unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
