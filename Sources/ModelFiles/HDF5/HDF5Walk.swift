internal import CHDF5

/// Everything in a file but the elements of its datasets, taken from the library at once.
struct HDF5Walk {
  let file: String
  let fileSize: Int
  /// Whether the heaps that texts of variable length stand in are sound: the library does not look.
  let isChecked: Bool
  private(set) var groups: [String: HDF5Group] = [:]
  private(set) var datasets: [String: HDF5Dataset] = [:]
  private var visited: Set<haddr_t> = []

  /// A byte of deflated data stands for at most so many.
  static let expansionLimit = 1032

  init(_ image: HDF5Image, isChecked: Bool) throws(ModelFileError) {
    self.isChecked = isChecked
    file = image.name
    fileSize = image.bytes.count
    try image.open { file throws(ModelFileError) in
      let root = try HDF5Handle(H5Gopen2(file.id, "/", 0), H5Gclose, unreadable("", "a group"))
      try visit(group: root, path: "", depth: 0)
    }
  }

  private func failure(
    _ path: String, _ kind: ModelFileError.Kind = .format, expected: String, found: String
  ) -> () -> ModelFileError {
    { [file] in
      ModelFileError(kind: kind, file: file, place: path.isEmpty ? "/" : path, expected: expected, found: found)
    }
  }

  private func unreadable(_ path: String, _ what: String) -> () -> ModelFileError {
    failure(
      path, expected: what,
      found: isChecked
        ? "what the HDF5 library cannot read"
        : "what HDF5 \(FileLibraries.hdf5) cannot read (with libver=\"earliest\", h5py writes what every version reads)"
    )
  }

  // MARK: Groups

  private mutating func visit(group: borrowing HDF5Handle, path: String, depth: Int) throws(ModelFileError) {
    guard depth <= HDF5Structure.depthLimit else {
      throw failure(
        path, .limit, expected: "at most \(HDF5Structure.depthLimit) groups within groups", found: "more")()
    }
    var content = HDF5Group()
    content.attributes = try attributes(of: group, path: path)
    for link in try links(of: group, path: path) {
      let child = "\(path)/\(link.name)"
      guard link.kind == H5L_TYPE_HARD else {
        let kinds = [H5L_TYPE_SOFT.rawValue: "a soft link", H5L_TYPE_EXTERNAL.rawValue: "a link to another file"]
        throw failure(
          child, .limit, expected: "hard links only",
          found: kinds[link.kind.rawValue] ?? "a link of the kind \(link.kind.rawValue)")()
      }
      let object = try HDF5Handle(H5Oopen(group.id, link.name, 0), H5Oclose, unreadable(child, "an object"))
      var info = H5O_info_t()
      guard chdf5_object_info(object.id, &info) >= 0 else { throw unreadable(child, "an object")() }
      guard visited.insert(info.addr).inserted else {
        throw failure(child, .limit, expected: "one link to each object", found: "a second one, or a cycle")()
      }
      switch info.type {
      case H5O_TYPE_GROUP:
        content.groups.append(link.name)
        try visit(group: object, path: child, depth: depth + 1)
      case H5O_TYPE_DATASET:
        content.datasets.append(link.name)
        datasets[String(child.dropFirst())] = try dataset(object, path: child)
      default:
        throw failure(child, .unsupported, expected: "a group or a dataset", found: "a type or another object")()
      }
    }
    groups[String(path.dropFirst())] = content
  }

  private struct Link {
    let name: String
    let kind: H5L_type_t
  }

  private struct Links {
    var all: [Link] = []
    var isDamaged = false
  }

  private func links(of group: borrowing HDF5Handle, path: String) throws(ModelFileError) -> [Link] {
    var links = Links()
    let status = Self.visit(into: &links) { context in
      chdf5_links(
        group.id,
        { _, name, info, context in
          let links = context!.assumingMemoryBound(to: Links.self)
          guard let name = name.flatMap({ String(validatingCString: $0) }), let info, !name.isEmpty, !name.contains("/")
          else {
            links.pointee.isDamaged = true
            return 0
          }
          links.pointee.all.append(Link(name: name, kind: info.pointee.type))
          return 0
        }, context)
    }
    guard status >= 0 else { throw unreadable(path, "a group")() }
    if links.isDamaged {
      throw failure(path, expected: "names in UTF-8 of at least one character without /", found: "others")()
    }
    return links.all
  }

  /// Lets the library call a function of C for each of many things, which adds them to a value.
  private static func visit<Value>(
    into value: inout Value, _ body: (_ context: UnsafeMutableRawPointer) -> herr_t
  ) -> herr_t {
    withUnsafeMutablePointer(to: &value) { body(UnsafeMutableRawPointer($0)) }
  }

  // MARK: Attributes

  private func attributes(of object: borrowing HDF5Handle, path: String) throws(ModelFileError) -> [String:
    HDF5Attribute]
  {
    var names: [String?] = []
    let status = Self.visit(into: &names) { context in
      chdf5_attributes(
        object.id,
        { _, name, _, context in
          context!.assumingMemoryBound(to: [String?].self).pointee
            .append(name.flatMap { String(validatingCString: $0) })
          return 0
        }, context)
    }
    guard status >= 0 else { throw unreadable(path, "attributes")() }
    var result: [String: HDF5Attribute] = [:]
    for name in names {
      guard let name else { throw failure(path, expected: "names of attributes in UTF-8", found: "others")() }
      result[name] = try attribute(name, of: object, path: path)
    }
    return result
  }

  private func attribute(
    _ name: String, of object: borrowing HDF5Handle, path: String
  ) throws(ModelFileError) -> HDF5Attribute {
    let failure = unreadable("\(path.isEmpty ? "/" : path), attribute \(name)", "an attribute")
    let attribute = try HDF5Handle(H5Aopen(object.id, name, 0), H5Aclose, failure)
    let type = try HDF5Handle(H5Aget_type(attribute.id), H5Tclose, failure)
    let space = try HDF5Handle(H5Aget_space(attribute.id), H5Sclose, failure)
    let count = Int(H5Sget_simple_extent_npoints(space.id))
    let size = H5Tget_size(type.id)
    guard count >= 0, !count.multipliedReportingOverflow(by: size).overflow, count * size <= fileSize else {
      throw failure()
    }
    guard H5Tget_class(type.id) == H5T_STRING, count > 0 else {
      return .other(type: HDF5ElementType(type, attributes: [:]).name, count: count)
    }
    let isVariable = H5Tis_variable_str(type.id) > 0
    if isVariable && !isChecked { return .other(type: "text of variable length in a later layout", count: count) }
    let texts =
      isVariable
      ? try variableTexts(attribute, type, space, count, failure)
      : try fixedTexts(attribute, type, count, size, failure)
    return H5Sget_simple_extent_ndims(space.id) == 0 ? .text(texts[0]) : .texts(texts)
  }

  private func variableTexts(
    _ attribute: borrowing HDF5Handle, _ type: borrowing HDF5Handle, _ space: borrowing HDF5Handle, _ count: Int,
    _ failure: () -> ModelFileError
  ) throws(ModelFileError) -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    guard H5Aread(attribute.id, type.id, &pointers) >= 0 else { throw failure() }
    defer { H5Dvlen_reclaim(type.id, space.id, 0, &pointers) }
    var texts: [String] = []
    for pointer in pointers {
      guard let pointer else {
        texts.append("")
        continue
      }
      guard let text = String(validatingCString: pointer) else { throw failure() }
      texts.append(text)
    }
    return texts
  }

  private func fixedTexts(
    _ attribute: borrowing HDF5Handle, _ type: borrowing HDF5Handle, _ count: Int, _ size: Int,
    _ failure: () -> ModelFileError
  ) throws(ModelFileError) -> [String] {
    var bytes = [UInt8](repeating: 0, count: count * size)
    guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw failure() }
    var texts: [String] = []
    for index in 0..<count {
      let text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      guard let text = String(validating: text, as: UTF8.self) else { throw failure() }
      texts.append(text)
    }
    return texts
  }

  // MARK: Datasets

  private func dataset(_ object: borrowing HDF5Handle, path: String) throws(ModelFileError) -> HDF5Dataset {
    let failure = unreadable(path, "a dataset")
    let type = try HDF5Handle(H5Dget_type(object.id), H5Tclose, failure)
    let space = try HDF5Handle(H5Dget_space(object.id), H5Sclose, failure)
    let list = try HDF5Handle(H5Dget_create_plist(object.id), H5Pclose, failure)
    let attributes = try attributes(of: object, path: path)
    let element = HDF5ElementType(type, attributes: attributes)
    let shape = try shape(space, path: path)
    var size = element.byteCount
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw self.failure(path, .limit, expected: "lengths whose product fits", found: "\(shape)")()
      }
      size = product
    }
    return HDF5Dataset(
      attributes: attributes, type: element, shape: shape, byteCount: size,
      place: place(of: object, list, type, shape: shape, elementSize: element.byteCount, byteCount: size))
  }

  private func shape(_ space: borrowing HDF5Handle, path: String) throws(ModelFileError) -> [Int] {
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 0, rank <= 32 else { throw unreadable(path, "a shape")() }
    if H5Sget_simple_extent_type(space.id) == H5S_NULL { return [0] }
    var lengths = [hsize_t](repeating: 0, count: Int(rank))
    guard H5Sget_simple_extent_dims(space.id, &lengths, nil) >= 0 else { throw unreadable(path, "a shape")() }
    var shape: [Int] = []
    for length in lengths {
      guard let length = Int(exactly: length) else {
        throw failure(path, .limit, expected: "lengths below 2^63", found: "\(length)")()
      }
      shape.append(length)
    }
    return shape
  }

  private func isFilledWithZeros(_ list: borrowing HDF5Handle, _ type: borrowing HDF5Handle, _ size: Int) -> Bool {
    var status = H5D_FILL_VALUE_ERROR
    guard H5Pfill_value_defined(list.id, &status) >= 0 else { return false }
    guard status == H5D_FILL_VALUE_USER_DEFINED else { return status != H5D_FILL_VALUE_ERROR }
    var value = [UInt8](repeating: 1, count: size)
    return H5Pget_fill_value(list.id, type.id, &value) >= 0 && value.allSatisfy { $0 == 0 }
  }

  private func place(
    of object: borrowing HDF5Handle, _ list: borrowing HDF5Handle, _ type: borrowing HDF5Handle, shape: [Int],
    elementSize: Int, byteCount: Int
  ) -> HDF5Dataset.Place {
    if H5Pget_external_count(list.id) != 0 {
      return .refused(kind: .limit, expected: "elements in this file", found: "elements in other files")
    }
    let layout = H5Pget_layout(list.id)
    let mayLackElements = layout == H5D_CHUNKED || H5Dget_storage_size(object.id) == 0
    if mayLackElements && elementSize <= 64 && !isFilledWithZeros(list, type, elementSize) {
      return .refused(
        kind: .unsupported, expected: "0 for elements that have not been written", found: "another fill value")
    }
    switch layout {
    case H5D_CONTIGUOUS:
      let offset = H5Dget_offset(object.id)
      if offset == chdf5_undefined() { return byteCount <= fileSize ? .nowhere : tooLarge(byteCount, fileSize) }
      guard let offset = Int(exactly: offset), offset <= fileSize, byteCount <= fileSize - offset else {
        return .refused(
          kind: .format, expected: "\(byteCount) bytes of elements in a file of \(fileSize)", found: "others")
      }
      return .contiguous(offset)
    case H5D_COMPACT:
      return byteCount <= fileSize ? .compact : tooLarge(byteCount, fileSize)
    case H5D_CHUNKED:
      return chunks(of: object, list, shape: shape, elementSize: elementSize, byteCount: byteCount)
    default:
      return .refused(kind: .limit, expected: "elements in this file", found: "a virtual dataset")
    }
  }

  private func chunks(
    of object: borrowing HDF5Handle, _ list: borrowing HDF5Handle, shape: [Int], elementSize: Int, byteCount: Int
  ) -> HDF5Dataset.Place {
    var lengths = [hsize_t](repeating: 0, count: max(shape.count, 1))
    guard H5Pget_chunk(list.id, CInt(lengths.count), &lengths) == shape.count, !shape.isEmpty else {
      return .refused(kind: .format, expected: "chunks of \(shape.count) axes", found: "others")
    }
    var size = elementSize
    for length in lengths {
      let (product, overflow) = size.multipliedReportingOverflow(by: Int(clamping: length))
      guard length > 0, !overflow else {
        return .refused(kind: .limit, expected: "chunks whose size fits", found: "\(lengths)")
      }
      size = product
    }
    var filters: [HDF5Filter] = []
    for index in 0..<max(H5Pget_nfilters(list.id), 0) {
      var parameter: UInt32 = 0
      switch chdf5_filter(list.id, UInt32(index), &parameter) {
      case H5Z_FILTER_SHUFFLE: filters.append(.shuffle(elementSize: Int(parameter)))
      case H5Z_FILTER_DEFLATE where !filters.contains(.deflate): filters.append(.deflate)
      case H5Z_FILTER_FLETCHER32: filters.append(.fletcher32)
      case let filter:
        return .refused(
          kind: .unsupported, expected: "the filters shuffle, deflate and fletcher32, deflate once",
          found: "filter \(filter)")
      }
    }
    let stored = min(Int(clamping: H5Dget_storage_size(object.id)), fileSize)
    // Chunks that are not stored are zeros.
    let limit = max(filters.contains(.deflate) ? stored * Self.expansionLimit : stored, fileSize)
    guard byteCount <= limit else { return tooLarge(byteCount, limit) }
    return .chunked(HDF5Chunks(lengths: lengths.map { Int($0) }, byteCount: size, filters: filters))
  }

  private func tooLarge(_ byteCount: Int, _ limit: Int) -> HDF5Dataset.Place {
    .refused(kind: .limit, expected: "at most \(limit) bytes from what is stored", found: "\(byteCount)")
  }
}
