internal import Tensor

/// Why a model or a file of tensors could not be read or written: which file, where in it, what was expected and found.
public struct ModelFileError: Error, Hashable, Sendable {
  /// What went wrong.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// The operating system refused: no such file, no permission, no space.
    case system
    /// The file is damaged, or of another format.
    case format
    /// The file is sound but holds what this package has no counterpart for.
    case unsupported
    /// A checksum is not that of the data.
    case checksum
    /// The file asks for more than it can be trusted with: memory, depth, links to other files.
    case limit
    /// There is no tensor, layer or attribute of the name.
    case missing
    /// The elements are not of the type asked for, and conversion was not asked for.
    case elementType
    /// What the file holds does not fit the model: a shape, a number of weights, a parameter's value.
    case mismatch
  }

  /// What went wrong.
  public let kind: Kind
  /// The path, or the name given to bytes in memory.
  public let file: String
  /// Where in the file: `byte 10`, `member config.json, layers[3] (Dense "out")`, `/layers/dense/vars/0`.
  public let place: String?
  /// What should have been there.
  public let expected: String
  /// What was there.
  public let found: String

  /// An error of one's own reader.
  public init(kind: Kind, file: String, place: String? = nil, expected: String, found: String) {
    self.kind = kind
    self.file = file
    self.place = place
    self.expected = expected
    self.found = found
  }
}

extension ModelFileError: CustomStringConvertible {
  /// One line, in which what is long is cut: `model.keras, /layers/dense/vars/0: expected the shape [64, 10], found [64, 12]`.
  public var description: String {
    let place = place.map { ", \($0.shortened(to: 400).onOneLine)" } ?? ""
    return "\(file.onOneLine)\(place): \(reason)"
  }

  /// The same of a file that is known: `/layers/dense/vars/0: expected the shape [64, 10], found [64, 12]`.
  var withoutFile: String { (place.map { "\($0.shortened(to: 400).onOneLine): " } ?? "") + reason }

  private var reason: String {
    "expected \(expected.shortened(to: 2000).onOneLine), found \(found.shortened(to: 2000).onOneLine)"
  }
}
