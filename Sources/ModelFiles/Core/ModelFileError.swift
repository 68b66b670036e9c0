internal import Tensor

/// An error in reading or writing a model or a file of tensors: the file, the place in it, what was expected and what
/// was found.
public struct ModelFileError: Error, Hashable, Sendable {
  /// What went wrong.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// The operating system refused: no such file, no permission, no space.
    case system
    /// The file is damaged, or of another format.
    case format
    /// The file is valid, but contains something without a counterpart in this package.
    case unsupported
    /// A checksum does not match the data.
    case checksum
    /// The file requires more than it can be trusted with: memory, depth, links to other files.
    case limit
    /// No tensor, layer or attribute has the name.
    case missing
    /// The elements do not have the requested type, and conversion was not requested.
    case elementType
    /// The contents do not match the model: a shape, a number of weights, a parameter's value.
    case mismatch
  }

  /// What went wrong.
  public let kind: Kind
  /// The path, or the name given to bytes in memory.
  public let file: String
  /// The place in the file: `byte 10`, `member config.json, layers[3] (Dense "out")`, `/layers/dense/vars/0`.
  public let place: String?
  /// A description of what was expected.
  public let expected: String
  /// A description of what was found.
  public let found: String

  /// Creates an error, for custom readers.
  public init(kind: Kind, file: String, place: String? = nil, expected: String, found: String) {
    self.kind = kind
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }
}

extension ModelFileError: CustomStringConvertible {
  /// The error on one line, with long parts truncated: `model.keras, /layers/dense/vars/0: expected the shape [64, 10],
  /// found [64, 12]`.
  public var description: String {
    let place = place.map { ", \($0.shortened(to: 400).onOneLine)" } ?? ""
    return "\(file.onOneLine)\(place): \(reason)"
  }

  /// The error without the file: `/layers/dense/vars/0: expected the shape [64, 10], found [64, 12]`.
  var withoutFile: String { (place.map { "\($0.shortened(to: 400).onOneLine): " } ?? "") + reason }

  private var reason: String {
    "expected \(expected.shortened(to: 2000).onOneLine), found \(found.shortened(to: 2000).onOneLine)"
  }
}
