/// A group to be written.
struct HDF5NewGroup {
  var attributes: KeyValuePairs<String, HDF5Attribute> = [:]
  var groups: [(name: String, content: HDF5NewGroup)] = []
  var datasets: [(name: String, tensor: StoredTensor)] = []

  /// Creates the groups of a path if they do not exist, and changes the last one.
  mutating func at(_ path: some Collection<Substring>, _ body: (inout HDF5NewGroup) -> Void) {
    guard let name = path.first else { return body(&self) }
    let index = groups.firstIndex { $0.name == name } ?? groups.endIndex
    if index == groups.endIndex { groups.append((String(name), HDF5NewGroup())) }
    groups[index].content.at(path.dropFirst(), body)
  }

  mutating func at(_ path: String, _ body: (inout HDF5NewGroup) -> Void) { at(path.parts(between: "/")[...], body) }
}
