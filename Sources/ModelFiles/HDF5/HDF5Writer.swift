internal import CHDF5
internal import Tensor

/// A group that is to be written.
struct HDF5NewGroup {
  var attributes: KeyValuePairs<String, HDF5Attribute> = [:]
  var groups: [(name: String, content: HDF5NewGroup)] = []
  var datasets: [(name: String, tensor: StoredTensor)] = []

  /// Makes the groups of a path where they do not exist and changes the last one.
  mutating func at(_ path: some Collection<Substring>, _ body: (inout HDF5NewGroup) -> Void) {
    guard let name = path.first else { return body(&self) }
    let index = groups.firstIndex { $0.name == name } ?? groups.endIndex
    if index == groups.endIndex { groups.append((String(name), HDF5NewGroup())) }
    groups[index].content.at(path.dropFirst(), body)
  }

  mutating func at(_ path: String, _ body: (inout HDF5NewGroup) -> Void) { at(path.split(separator: "/"), body) }
}

/// Files as h5py makes them: HDF5's first layout, elements one after another, texts of variable length.
struct HDF5Writer {
  /// What errors call it.
  let file: String

  /// - Complexity: memory of twice the elements' bytes and of the largest tensor.
  func bytes(_ root: HDF5NewGroup) throws(ModelFileError) -> [UInt8] {
    try HDF5Library.use { () throws(ModelFileError) in
      let failure = failure("/")
      let access = try HDF5Handle(H5Pcreate(chdf5_file_access()), H5Pclose, failure)
      guard H5Pset_fapl_core(access.id, 1 << 16, false) >= 0 else { throw failure() }
      let file = try HDF5Handle(H5Fcreate(HDF5Library.newFileName(), chdf5_truncate(), 0, access.id), H5Fclose, failure)
      let group = try HDF5Handle(H5Gopen2(file.id, "/", 0), H5Gclose, failure)
      try write(root, to: group, path: "")
      guard H5Fflush(file.id, H5F_SCOPE_GLOBAL) >= 0 else { throw failure() }
      let size = H5Fget_file_image(file.id, nil, 0)
      guard size > 0 else { throw failure() }
      var bytes = [UInt8](repeating: 0, count: size)
      guard H5Fget_file_image(file.id, &bytes, size) == size else { throw failure() }
      return bytes
    }
  }

  private func failure(_ path: String) -> () -> ModelFileError {
    { [file] in
      ModelFileError(
        kind: .system, file: file, place: path, expected: "an object that can be written",
        found: "what the HDF5 library cannot write: memory may be short")
    }
  }

  private func write(_ content: HDF5NewGroup, to group: borrowing HDF5Handle, path: String) throws(ModelFileError) {
    for (name, attribute) in content.attributes { try write(attribute, name, to: group, path: path) }
    for (name, tensor) in content.datasets { try write(tensor, name, to: group, path: "\(path)/\(name)") }
    for (name, child) in content.groups {
      let place = "\(path)/\(name)"
      let made = try HDF5Handle(H5Gcreate2(group.id, name, 0, 0, 0), H5Gclose, failure(place))
      try write(child, to: made, path: place)
    }
  }

  private func write(
    _ attribute: HDF5Attribute, _ name: String, to object: borrowing HDF5Handle, path: String
  ) throws(ModelFileError) {
    guard case .text(let text) = attribute else { preconditionFailure("attributes that are written are texts") }
    let failure = failure("\(path), attribute \(name)")
    let type = try HDF5Handle(H5Tcopy(chdf5_c_string()), H5Tclose, failure)
    guard H5Tset_size(type.id, chdf5_variable()) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0 else { throw failure() }
    let space = try HDF5Handle(H5Screate(H5S_SCALAR), H5Sclose, failure)
    let attribute = try HDF5Handle(H5Acreate2(object.id, name, type.id, space.id, 0, 0), H5Aclose, failure)
    let status = text.withCString { pointer in
      withUnsafePointer(to: pointer) { H5Awrite(attribute.id, type.id, $0) }
    }
    guard status >= 0 else { throw failure() }
  }

  private func write(
    _ tensor: StoredTensor, _ name: String, to group: borrowing HDF5Handle, path: String
  ) throws(ModelFileError) {
    let failure = failure(path)
    let type = try HDF5ElementType.make(tensor.type, failure)
    let shape = tensor.tensor.shape.map { hsize_t($0) }
    let space = try HDF5Handle(
      shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(CInt(shape.count), shape, nil), H5Sclose, failure)
    let list = try HDF5Handle(H5Pcreate(chdf5_dataset_creation()), H5Pclose, failure)
    // The same content makes the same bytes.
    guard H5Pset_obj_track_times(list.id, false) >= 0 else { throw failure() }
    let dataset = try HDF5Handle(
      H5Dcreate2(group.id, name, type.id, space.id, 0, list.id, 0), H5Dclose, failure)
    let elements = try tensor.bytes { expected, found in
      ModelFileError(kind: .elementType, file: file, place: path, expected: expected, found: found)
    }
    guard H5Dwrite(dataset.id, type.id, hid_t(H5S_ALL), hid_t(H5S_ALL), 0, elements) >= 0 else { throw failure() }
    if tensor.type == .bfloat16 { try write(.text("bfloat16"), "dtype", to: dataset, path: path) }
  }
}

extension StoredTensor {
  /// The elements one after another, in this machine's order.
  func bytes(_ refuse: (String, String) -> ModelFileError) throws(ModelFileError) -> [UInt8] {
    switch tensor {
    case .float(let tensor): try tensor.bytes(as: type, refuse)
    case .double(let tensor): try tensor.bytes(as: type, refuse)
    case .int32(let tensor): try tensor.bytes(as: type, refuse)
    case .int64(let tensor): try tensor.bytes(as: type, refuse)
    case .uint8(let tensor): try tensor.bytes(as: type, refuse)
    case .bool(let tensor): try tensor.bytes(as: type, refuse)
    }
  }
}

extension Tensor {
  fileprivate func bytes(
    as type: StoredType, _ refuse: (String, String) -> ModelFileError
  ) throws(ModelFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * type.byteCount)
    try writeElements(as: type, refuse: refuse) { (part: UnsafeRawBufferPointer) throws(ModelFileError) in
      bytes.append(contentsOf: part)
    }
    return bytes
  }
}
