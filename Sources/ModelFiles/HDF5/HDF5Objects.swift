internal import Tensor

/// A group: what is in it, in the order of the bytes of the names.
struct HDF5Group: Sendable {
  var attributes: [String: HDF5Attribute] = [:]
  var groups: [String] = []
  var datasets: [String] = []
  /// What stands in it and is not read: what it is, by name.
  var refused: [ExactName: String] = [:]
}

struct HDF5Dataset: Sendable {
  let attributes: [String: HDF5Attribute]
  let type: HDF5Datatype
  let shape: [Int]
  let byteCount: Int
  let storage: HDF5Storage
}

/// Where the elements of a dataset are.
enum HDF5Storage: Sendable {
  /// One after another.
  case contiguous(Range<Int>)
  /// Nowhere: none has been written.
  case nowhere(fill: [UInt8])
  /// In pieces, which may be compressed.
  case chunked(HDF5Chunks)
  /// Not to be read: why.
  case refused(kind: ModelFileError.Kind, expected: String, found: String)
}

/// How a dataset in pieces is stored.
struct HDF5Chunks: Sendable {
  /// How the places of the pieces are found.
  enum Index: Hashable, Sendable {
    case tree
    /// The only one: its size and which filters were left out, where there are filters.
    case single(size: Int, skippedFilters: UInt32)
    /// One after another.
    case implicit
    case fixedArray
    case extensibleArray
    case records
  }

  let index: Index
  /// Of what the index says; none where nothing has been written.
  let address: Int?
  /// Of one piece; those at the ends reach beyond the dataset.
  let lengths: [Int]
  let byteCount: Int
  /// How far each axis may grow; none where it is without limit.
  let limits: [Int?]
  /// In the order in which they were applied.
  let filters: [HDF5Filter]
  /// Whether pieces that reach beyond the dataset are not filtered.
  let edgesAreUnfiltered: Bool
  /// What elements are that have not been written: one element.
  let fill: [UInt8]
}

enum HDF5Filter: Hashable, Sendable {
  /// The bytes of elements of a size, sorted by their place in the element.
  case shuffle(elementSize: Int)
  case deflate
  /// A checksum behind the bytes.
  case fletcher32

  var isShuffle: Bool { if case .shuffle = self { true } else { false } }
}
