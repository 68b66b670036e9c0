internal import Tensor

/// Reads everything in a file except the elements of its datasets.
struct HDF5Walk {
  private var structures: HDF5Structures
  private(set) var groups: [ExactName: HDF5Group] = [:]
  private(set) var datasets: [ExactName: HDF5Dataset] = [:]
  /// The objects read so far, by address: a dataset may have several names.
  private var objects: [Int: Object] = [:]
  /// The total length of all paths, which deep groups could make longer than the file.
  private var pathBytes = 0

  private enum Object {
    case group(path: String)
    case dataset(HDF5Dataset)
    case type
    case refused(String)
  }

  static let depthLimit = 64

  init(_ bytes: HDF5Bytes, root: Int) throws(ModelFileError) {
    structures = HDF5Structures(bytes)
    try visit(objectAt: root, path: "", depth: 0)
    guard groups[ExactName("")] != nil else { throw bytes.error("/", expected: "a group", found: "another object") }
  }

  /// Reads an object and its contents.
  private mutating func visit(objectAt address: Int, path: String, depth: Int) throws(ModelFileError) {
    let messages = try structures.messages(at: address)
    if let links = try structures.links(messages) {
      objects[address] = .group(path: path)
      try visit(links, messages, path: path, depth: depth)
    } else if HDF5DatasetReader.isDataset(messages) {
      let reader = try HDF5DatasetReader(messages, structures.bytes)
      objects[address] = .dataset(
        try reader.dataset(try structures.attributes(messages), place: "/\(path)"))
    } else {
      objects[address] = .type
    }
  }

  /// Reads an object that may be unsupported: only this object is then rejected.
  private mutating func visit(refusableObjectAt address: Int, path: String, depth: Int) throws(ModelFileError) {
    do throws(ModelFileError) {
      try visit(objectAt: address, path: path, depth: depth)
    } catch {
      guard error.kind == .unsupported else { throw error }
      groups[ExactName(path)] = nil
      objects[address] = .refused("\(error.found) instead of \(error.expected)")
    }
  }

  private mutating func visit(
    _ links: [HDF5Link], _ messages: [HDF5Message], path: String, depth: Int
  ) throws(ModelFileError) {
    let bytes = structures.bytes
    var group = HDF5Group()
    group.attributes = try structures.attributes(messages)
    groups[ExactName(path)] = group
    for link in links {
      let child = path.isEmpty ? link.name : "\(path)/\(link.name)"
      pathBytes += child.utf8.count
      guard pathBytes <= max(2 * bytes.count, HDF5Bytes.trust) else {
        throw bytes.error(
          "/\(path)", .limit, expected: "paths that are not far longer than the file", found: "longer ones")
      }
      let (key, name) = (ExactName(child), ExactName(link.name))
      guard groups[key] == nil, datasets[key] == nil, group.refused[name] == nil else {
        throw bytes.error("/\(path)", expected: "each name once", found: "\"\(link.name)\" twice")
      }
      guard case .object(let address) = link.target else {
        if case .refused(let what) = link.target { group.refused[name] = what }
        continue
      }
      if case .group(let path) = objects[address] {
        group.refused[name] = "a second link to the group /\(path)"
        continue
      }
      if objects[address] == nil {
        guard depth < Self.depthLimit else {
          group.refused[name] = "an object in more than \(Self.depthLimit) nested groups"
          continue
        }
        try visit(refusableObjectAt: address, path: child, depth: depth + 1)
      }
      switch objects[address]! {
      case .refused(let what): group.refused[name] = what
      case .group: group.groups.append(link.name)
      case .dataset(let dataset):
        group.datasets.append(link.name)
        datasets[key] = dataset
      case .type: group.refused[name] = "a type, or another object that is not a dataset"
      }
    }
    groups[ExactName(path)] = group
  }
}
