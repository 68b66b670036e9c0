internal import Tensor

/// A value beside a group or a dataset.
public enum HDF5Attribute: Hashable, Sendable {
  /// One text.
  case text(String)
  /// Several.
  case texts([String])
  /// Numbers, what has no counterpart here, and texts of variable length in files of HDF5's later layouts, which the library
  /// reads without checking them: what they are, and how many.
  case other(type: String, count: Int)
}

extension HDF5Attribute {
  var text: String? { if case .text(let text) = self { text } else { nil } }

  /// Lists without elements have no type of text in Keras's files.
  var texts: [String]? {
    switch self {
    case .texts(let texts): texts
    case .other(_, 0): []
    case .text, .other: nil
    }
  }
}

struct HDF5Group: Sendable {
  var attributes: [String: HDF5Attribute] = [:]
  /// In the order of their bytes.
  var groups: [String] = []
  var datasets: [String] = []
}

struct HDF5Dataset: Sendable {
  enum Place: Hashable, Sendable {
    /// One after another from a byte of the file on.
    case contiguous(Int)
    /// Nowhere: all are 0.
    case nowhere
    /// In the header: the library finds them.
    case compact
    /// In pieces, which may be compressed.
    case chunked(HDF5Chunks)
    /// Not to be read: why.
    case refused(kind: ModelFileError.Kind, expected: String, found: String)
  }

  var attributes: [String: HDF5Attribute] = [:]
  let type: HDF5ElementType
  let shape: [Int]
  let byteCount: Int
  let place: Place
}

/// How a dataset in pieces is stored.
struct HDF5Chunks: Hashable, Sendable {
  /// Of one piece; those at the ends reach beyond the dataset.
  let lengths: [Int]
  let byteCount: Int
  /// In the order in which they were applied.
  let filters: [HDF5Filter]
}

enum HDF5Filter: Hashable, Sendable {
  /// The bytes of elements of a size, sorted by their place in the element.
  case shuffle(elementSize: Int)
  case deflate
  /// A checksum behind the bytes.
  case fletcher32
}

/// The type of a dataset's elements.
struct HDF5ElementType: Hashable, Sendable {
  /// None without counterpart here.
  let stored: StoredType?
  let isByteSwapped: Bool
  /// As HDF5 calls it.
  let name: String
  let byteCount: Int
}
