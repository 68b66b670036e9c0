/// Reads a dataset's header: type, shape, and the place of the elements.
struct HDF5DatasetReader {
  private let bytes: HDF5Bytes
  private var type: HDF5Datatype?
  private var space: HDF5Dataspace?
  private var layout: Layout?
  private var filters: [HDF5Filter] = []
  private var fill: [UInt8]?
  /// The reason why this package cannot read it.
  private var refusal: HDF5Storage?

  private enum Layout {
    case contiguous(address: Int?)
    case compact(Range<Int>)
    /// The last length of a chunk is the size of an element.
    case chunked(HDF5Chunks.Index, address: Int?, lengths: [Int], edgesAreUnfiltered: Bool)
  }

  /// Whether the messages are those of a dataset.
  static func isDataset(_ messages: [HDF5Message]) -> Bool { messages.contains { $0.kind == .layout } }

  init(_ messages: [HDF5Message], _ bytes: HDF5Bytes) throws(ModelFileError) {
    self.bytes = bytes
    for message in messages {
      switch message.kind {
      case .dataspace: space = try HDF5Dataspace(message.body, bytes)
      case .datatype: type = try HDF5Datatype(message.body, bytes)
      case .layout: layout = try layout(message.body)
      case .filters: filters = try filters(message.body)
      case .earlyFillValue where fill == nil, .fillValue: fill = try fillValue(message) ?? fill
      case .externalFiles: refuse(.limit, expected: "elements in this file", found: "elements in other files")
      default: break
      }
    }
  }

  /// - Parameter place: the dataset's name in errors.
  func dataset(_ attributes: [String: HDF5Attribute], place: String) throws(ModelFileError) -> HDF5Dataset {
    guard var type, let space else {
      throw bytes.error(place, expected: "a dataset with a type and a shape", found: "one without")
    }
    type.adopt(attributes)
    guard let size = space.lengths.contains(0) ? 0 : HDF5Bytes.size(space.lengths, type.size) else {
      throw bytes.error(place, .unsupported, expected: "a size in bytes that fits", found: "\(space.lengths) elements")
    }
    let storage = if let refusal { refusal } else { try storage(type, space, size, place) }
    return HDF5Dataset(
      attributes: attributes, type: type, shape: space.lengths, byteCount: size, storage: storage)
  }

  private mutating func refuse(_ kind: ModelFileError.Kind = .unsupported, expected: String, found: String) {
    refusal = refusal ?? .refused(kind: kind, expected: expected, found: found)
  }

  // MARK: Storage

  private func storage(
    _ type: HDF5Datatype, _ space: HDF5Dataspace, _ size: Int, _ place: String
  ) throws(ModelFileError) -> HDF5Storage {
    let fill = type.stored == nil ? [] : self.fill ?? [UInt8](repeating: 0, count: type.size)
    guard type.stored == nil || fill.count == type.size else {
      throw bytes.error(place, expected: "a fill value of \(type.size) bytes", found: "\(fill.count)")
    }
    switch layout {
    case .contiguous(let address?):
      guard size <= bytes.count - address else {
        throw bytes.error(
          place, expected: "\(size) bytes of elements from byte \(address)", found: "a file of \(bytes.count)")
      }
      return .contiguous(address..<address + size)
    case .contiguous(nil): return .nowhere(fill: fill)
    case .compact(let range):
      guard range.count >= size else {
        throw bytes.error(place, expected: "\(size) bytes of elements", found: "\(range.count)")
      }
      return .contiguous(range.prefix(size))
    case .chunked(let index, let address, let lengths, let edgesAreUnfiltered):
      guard lengths.count == space.lengths.count + 1, lengths.count > 1, lengths.last == type.size else {
        throw bytes.error(
          place, expected: "chunks of \(space.lengths.count) axes of elements of \(type.size) bytes",
          found: "\(lengths)")
      }
      guard !lengths.contains(0), let byteCount = HDF5Bytes.size(lengths, 1), byteCount <= UInt32.max else {
        throw bytes.error(place, .unsupported, expected: "chunks of 1 byte to 4 GiB", found: "lengths of \(lengths)")
      }
      guard zip(lengths, space.limits).allSatisfy({ $0 <= $1 ?? .max }) else {
        throw bytes.error(
          place, expected: "chunks that are not longer than the axes may become", found: "lengths of \(lengths)")
      }
      return .chunked(
        HDF5Chunks(
          index: index, address: address, lengths: lengths.dropLast(), byteCount: byteCount, limits: space.limits,
          filters: filters, edgesAreUnfiltered: edgesAreUnfiltered, fill: fill))
    case nil: throw bytes.error(place, expected: "a dataset that says where its elements are", found: "none")
    }
  }

  private mutating func layout(_ body: Range<Int>) throws(ModelFileError) -> Layout? {
    var cursor = HDF5Cursor(bytes, body, "a dataset's layout")
    let version = try cursor.integer(1)
    switch version {
    case 1, 2: return try earlyLayout(&cursor)
    case 3, 4: break
    default:
      refuse(expected: "a layout of version 1 to 4", found: "one of version \(version)")
      return nil
    }
    let kind = try cursor.integer(1)
    switch kind {
    case 0: return .compact(try cursor.take(try cursor.integer(2)))
    case 1: return .contiguous(address: try cursor.address())
    case 2: return version == 3 ? try chunkedLayout(&cursor) : try laterChunkedLayout(&cursor)
    default:
      refuse(
        .limit, expected: "elements in this file",
        found: kind == 3 ? "a virtual dataset" : "a layout of the kind \(kind)")
      return nil
    }
  }

  private func chunkedLayout(_ cursor: inout HDF5Cursor) throws(ModelFileError) -> Layout {
    let rank = try cursor.require(2...33, "number of axes")
    let address = try cursor.address()
    let lengths = try integers(&cursor, rank, width: 4)
    return .chunked(.tree, address: address, lengths: lengths, edgesAreUnfiltered: false)
  }

  private mutating func earlyLayout(_ cursor: inout HDF5Cursor) throws(ModelFileError) -> Layout? {
    let rank = try cursor.require(0...33, "number of axes")
    let kind = try cursor.require(0...2, "kind")
    try cursor.skip(5)
    let address = kind == 0 ? nil : try cursor.address()
    let lengths = try integers(&cursor, rank, width: 4)
    switch kind {
    case 0: return .compact(try cursor.take(try cursor.integer(4)))
    case 1: return .contiguous(address: address)
    default: return .chunked(.tree, address: address, lengths: lengths, edgesAreUnfiltered: false)
    }
  }

  private mutating func laterChunkedLayout(_ cursor: inout HDF5Cursor) throws(ModelFileError) -> Layout? {
    let flags = try cursor.integer(1)
    let rank = try cursor.require(2...33, "number of axes")
    let lengths = try integers(&cursor, rank, width: try cursor.require(1...8, "size of lengths"))
    let kind = try cursor.integer(1)
    let index: HDF5Chunks.Index
    switch kind {
    case 1 where flags & 2 != 0:
      index = .single(size: try cursor.length(), skippedFilters: UInt32(try cursor.bits(4)))
    case 1: index = .single(size: HDF5Bytes.size(lengths, 1) ?? 0, skippedFilters: 0)
    case 2: index = .implicit
    case 3:
      index = .fixedArray
      try cursor.skip(1)
    case 4:
      index = .extensibleArray
      try cursor.skip(5)
    case 5:
      index = .records
      try cursor.skip(6)
    default:
      refuse(expected: "an index of chunks of the kind 1 to 5", found: "\(kind)")
      return nil
    }
    return .chunked(index, address: try cursor.address(), lengths: lengths, edgesAreUnfiltered: flags & 1 != 0)
  }

  private func integers(_ cursor: inout HDF5Cursor, _ count: Int, width: Int) throws(ModelFileError) -> [Int] {
    var result: [Int] = []
    for _ in 0..<count { result.append(try cursor.integer(width)) }
    return result
  }

  // MARK: Filters and fill values

  private mutating func filters(_ body: Range<Int>) throws(ModelFileError) -> [HDF5Filter] {
    var cursor = HDF5Cursor(bytes, body, "the filters of a dataset")
    let version = try cursor.require(1...2, "version")
    let count = try cursor.require(0...32, "number")
    if version == 1 { try cursor.skip(6) }
    var result: [HDF5Filter] = []
    for _ in 0..<count {
      let filter = try cursor.integer(2)
      let nameLength = version == 1 || filter >= 256 ? try cursor.integer(2) : 0
      try cursor.skip(2)
      let values = try cursor.integer(2)
      try cursor.skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength)
      let first = values > 0 ? try cursor.integer(4) : 0
      try cursor.skip(4 * max(values - 1, 0) + (version == 1 ? 4 * (values % 2) : 0))
      switch filter {
      case 1 where !result.contains(.deflate): result.append(.deflate)
      case 2 where first > 0 && !result.contains(where: \.isShuffle): result.append(.shuffle(elementSize: first))
      case 3 where !result.contains(.fletcher32): result.append(.fletcher32)
      default:
        let names = [4: "szip", 5: "nbit", 6: "scale-offset", 32000: "lzf", 32001: "blosc"]
        refuse(
          expected: "the filters shuffle, deflate and fletcher32, each once",
          found: "filter \(filter)" + (names[filter].map { " (\($0))" } ?? ""))
      }
    }
    return result
  }

  /// `nil` if the message does not define one.
  private func fillValue(_ message: HDF5Message) throws(ModelFileError) -> [UInt8]? {
    var cursor = HDF5Cursor(bytes, message.body, "a fill value")
    if message.kind == .fillValue {
      let version = try cursor.require(1...3, "version")
      if version == 3 {
        guard try cursor.integer(1) & 0x20 != 0 else { return nil }
      } else {
        try cursor.skip(2)
        guard try cursor.integer(1) != 0 else { return nil }
      }
    }
    let size = Int(Int32(truncatingIfNeeded: try cursor.integer(4)))
    return size > 0 ? Array(bytes[try cursor.take(size)]) : nil
  }
}
