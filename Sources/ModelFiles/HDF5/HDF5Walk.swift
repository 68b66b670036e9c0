/// Everything in a file but the elements of its datasets.
struct HDF5Walk {
  private var structures: HDF5Structures
  private var attributes: HDF5AttributeReader
  private(set) var groups: [String: HDF5Group] = [:]
  private(set) var datasets: [String: HDF5Dataset] = [:]
  /// What has been met, by its address: a dataset may have several names.
  private var objects: [Int: Object] = [:]
  /// The bytes of all paths, which deep groups could make longer than the file is.
  private var pathBytes = 0

  private enum Object {
    case group(path: String)
    case dataset(HDF5Dataset)
    case type
  }

  static let depthLimit = 64

  init(_ bytes: HDF5Bytes, root: Int) throws(ModelFileError) {
    structures = HDF5Structures(bytes)
    attributes = HDF5AttributeReader(bytes)
    try visit(objectAt: root, path: "", depth: 0)
    guard groups[""] != nil else { throw bytes.error("/", expected: "a group", found: "another object") }
  }

  /// Reads an object, and all that is in it.
  private mutating func visit(objectAt address: Int, path: String, depth: Int) throws(ModelFileError) {
    let messages = try structures.messages(at: address)
    if let links = try structures.links(messages) {
      objects[address] = .group(path: path)
      try visit(links, messages, path: path, depth: depth)
    } else if HDF5DatasetReader.isDataset(messages) {
      let reader = try HDF5DatasetReader(messages, structures.bytes)
      objects[address] = .dataset(
        try reader.dataset(try attributes.attributes(messages, &structures), place: "/\(path)"))
    } else {
      objects[address] = .type
    }
  }

  private mutating func visit(
    _ links: [HDF5Link], _ messages: [HDF5Message], path: String, depth: Int
  ) throws(ModelFileError) {
    let bytes = structures.bytes
    var group = HDF5Group()
    group.attributes = try attributes.attributes(messages, &structures)
    groups[path] = group
    for link in links {
      let child = path.isEmpty ? link.name : "\(path)/\(link.name)"
      pathBytes += child.utf8.count
      guard pathBytes <= 2 * bytes.count else {
        throw bytes.error(
          "/\(path)", .limit, expected: "paths of at most \(2 * bytes.count) bytes in all", found: "more")
      }
      guard groups[child] == nil, datasets[child] == nil, group.refused[link.name] == nil else {
        throw bytes.error("/\(path)", expected: "each name once", found: "\"\(link.name)\" twice")
      }
      guard case .object(let address) = link.target else {
        if case .refused(let what) = link.target { group.refused[link.name] = what }
        continue
      }
      if case .group(let path) = objects[address] {
        group.refused[link.name] = "a second link to the group /\(path)"
        continue
      }
      if objects[address] == nil {
        guard depth < Self.depthLimit else {
          group.refused[link.name] = "what stands in more than \(Self.depthLimit) groups within groups"
          continue
        }
        try visit(objectAt: address, path: child, depth: depth + 1)
      }
      switch objects[address]! {
      case .group: group.groups.append(link.name)
      case .dataset(let dataset):
        group.datasets.append(link.name)
        datasets[child] = dataset
      case .type: group.refused[link.name] = "a type, or another object that is no dataset"
      }
    }
    groups[path] = group
  }
}
