internal import Tensor

/// A group: its contents, in the order of the bytes of the names.
struct HDF5Group: Sendable {
  var attributes: [String: HDF5Attribute] = [:]
  var groups: [String] = []
  var datasets: [String] = []
  /// The contents that are not read, with the reason, by name.
  var refused: [ExactName: String] = [:]
}

struct HDF5Dataset: Sendable {
  let attributes: [String: HDF5Attribute]
  let type: HDF5Datatype
  let shape: [Int]
  let byteCount: Int
  let storage: HDF5Storage
}

/// The place of a dataset's elements.
enum HDF5Storage: Sendable {
  /// Contiguous.
  case contiguous(Range<Int>)
  /// None: no elements have been written.
  case nowhere(fill: [UInt8])
  /// In chunks, which may be compressed.
  case chunked(HDF5Chunks)
  /// Not readable, with the reason.
  case refused(kind: ModelFileError.Kind, expected: String, found: String)
}

/// The storage of a dataset in chunks.
struct HDF5Chunks: Sendable {
  /// The kind of index for the chunks.
  enum Index: Hashable, Sendable {
    case tree
    /// A single chunk, with its size and the filters that were not applied, if there are filters.
    case single(size: Int, skippedFilters: UInt32)
    /// Contiguous.
    case implicit
    case fixedArray
    case extensibleArray
    case records
  }

  let index: Index
  /// The address of the index; `nil` if nothing has been written.
  let address: Int?
  /// The lengths of a chunk; those at the ends extend beyond the dataset.
  let lengths: [Int]
  let byteCount: Int
  /// The largest length of each axis; `nil` if it is unlimited.
  let limits: [Int?]
  /// The filters, in the order in which they were applied.
  let filters: [HDF5Filter]
  /// Whether chunks that extend beyond the dataset are not filtered.
  let edgesAreUnfiltered: Bool
  /// The bytes of an element that has not been written.
  let fill: [UInt8]
}

enum HDF5Filter: Hashable, Sendable {
  /// Bytes of elements of a size, sorted by their position in the element.
  case shuffle(elementSize: Int)
  case deflate
  /// A checksum after the bytes.
  case fletcher32

  var isShuffle: Bool { if case .shuffle = self { true } else { false } }
}
