internal import Tensor

/// Writes files like h5py's: HDF5's first layout, which every reader knows, contiguous elements, texts of variable
/// length. The same content gives the same bytes.
struct HDF5Writer {
  /// The name in errors.
  let file: String
  private var output = HDF5Output()
  /// References to the texts, in the order in which groups are written.
  private var texts: ArraySlice<[UInt8]> = []

  /// The capacity of lists of names and nodes of trees.
  private static let listCapacity = 8
  private static let nodeCapacity = 32

  init(file: String) { self.file = file }

  /// - Complexity: memory of the elements' bytes.
  static func bytes(_ root: HDF5NewGroup, file: String) throws(ModelFileError) -> [UInt8] {
    var writer = HDF5Writer(file: file)
    return try writer.bytes(root)
  }

  private mutating func bytes(_ root: HDF5NewGroup) throws(ModelFileError) -> [UInt8] {
    output.bytes.reserveCapacity(root.byteCount)
    output.append(HDF5Bytes.signature)
    // The versions of all structures, and the widths of addresses and lengths.
    output.append([0, 0, 0, 0, 0, 8, 8, 0])
    output.append(Self.listCapacity / 2, 2)
    output.append(Self.nodeCapacity / 2, 2)
    output.append(0, 4)
    output.append(0, 8)
    output.appendNoAddress()
    let end = output.reserve(8)
    output.appendNoAddress()
    let entry = output.reserve(40)
    texts = output.appendTexts(root.texts)[...]
    let group = try write(root, path: "")
    output.set(output.bytes.count, 8, at: end)
    output.set(group.header, 8, at: entry + 8)
    output.set(1, 4, at: entry + 16)
    output.set(group.tree, 8, at: entry + 24)
    output.set(group.heap, 8, at: entry + 32)
    return output.bytes
  }

  // MARK: Groups

  private struct Group {
    let header: Int
    let tree: Int
    let heap: Int
  }

  private struct Entry {
    let name: String
    let header: Int
    var group: Group?
  }

  private mutating func write(_ content: HDF5NewGroup, path: String) throws(ModelFileError) -> Group {
    let attributes = content.attributes.map { attribute($0.key, $0.value) }
    var entries: [Entry] = []
    for (name, tensor) in content.datasets {
      entries.append(Entry(name: name, header: try write(tensor, path: "\(path)/\(name)")))
    }
    for (name, child) in content.groups {
      let group = try write(child, path: "\(path)/\(name)")
      entries.append(Entry(name: name, header: group.header, group: group))
    }
    for name in entries.map(\.name)
    where name.isEmpty || name == "." || name.utf8.contains(UInt8(ascii: "/")) || name.utf8.contains(0) {
      throw ModelFileError(
        kind: .unsupported, file: file, place: path, expected: "names of at least one character without / and NUL",
        found: "\"\(name)\"")
    }
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let (heap, places) = writeNames(entries.map(\.name))
    let tree = writeTree(entries, places)
    var table = HDF5Output()
    table.append(tree, 8)
    table.append(heap, 8)
    let header = output.appendHeader([(0x11, table.bytes)] + attributes.map { (0x0C, $0) })
    return Group(header: header, tree: tree, heap: heap)
  }

  /// A heap of names, which begins with an empty one.
  private mutating func writeNames(_ names: [String]) -> (heap: Int, places: [Int]) {
    var segment = HDF5Output()
    segment.append(0, 8)
    var places: [Int] = []
    for name in names {
      places.append(segment.bytes.count)
      segment.append(Array(name.utf8) + [0])
      segment.align()
    }
    let heap = output.append("HEAP")
    output.append(0, 4)
    output.append(segment.bytes.count, 8)
    // It has no free space.
    output.append(1, 8)
    output.append(output.bytes.count + 8, 8)
    output.append(segment.bytes)
    return (heap, places)
  }

  /// Lists of names, and the tree above them, level by level.
  private mutating func writeTree(_ entries: [Entry], _ places: [Int]) -> Int {
    // A node and the last name in it.
    var level: [(address: Int, last: Int)] = []
    for start in stride(from: 0, to: entries.count, by: Self.listCapacity) {
      let range = start..<min(start + Self.listCapacity, entries.count)
      level.append((writeList(entries[range], places[range]), places[range.upperBound - 1]))
    }
    var depth = 0
    while true {
      let size = 24 + 16 * Self.nodeCapacity + 8
      let first = output.align()
      let starts = Array(stride(from: 0, to: max(level.count, 1), by: Self.nodeCapacity))
      var above: [(address: Int, last: Int)] = []
      for (number, start) in starts.enumerated() {
        let children = level[start..<min(start + Self.nodeCapacity, level.count)]
        let node = output.append("TREE")
        output.append([0, UInt8(depth)])
        output.append(children.count, 2)
        if number > 0 { output.append(node - size, 8) } else { output.appendNoAddress() }
        if number + 1 < starts.count { output.append(node + size, 8) } else { output.appendNoAddress() }
        output.append(above.last?.last ?? 0, 8)
        for child in children {
          output.append(child.address, 8)
          output.append(child.last, 8)
        }
        output.reserve(node + size - output.bytes.count)
        above.append((node, children.last?.last ?? 0))
      }
      if above.count == 1 { return first }
      level = above
      depth += 1
    }
  }

  private mutating func writeList(_ entries: ArraySlice<Entry>, _ places: ArraySlice<Int>) -> Int {
    let list = output.append("SNOD")
    output.append([1, 0])
    output.append(entries.count, 2)
    for (entry, place) in zip(entries, places) {
      output.append(place, 8)
      output.append(entry.header, 8)
      output.append(entry.group == nil ? 0 : 1, 8)
      output.append(entry.group?.tree ?? 0, 8)
      output.append(entry.group?.heap ?? 0, 8)
    }
    output.reserve(40 * (Self.listCapacity - entries.count))
    return list
  }

  // MARK: Datasets and attributes

  private mutating func write(_ tensor: StoredTensor, path: String) throws(ModelFileError) -> Int {
    let start = output.align()
    do {
      try tensor.appendElements(to: &output.bytes)
    } catch {
      throw ModelFileError(
        kind: .elementType, file: file, place: path, expected: error.expected, found: error.found)
    }
    let size = output.bytes.count - start
    var layout = HDF5Output()
    layout.append([3, 1])
    if size > 0 { layout.append(start, 8) } else { layout.appendNoAddress() }
    layout.append(size, 8)
    var messages: [(kind: Int, body: [UInt8])] = [
      (0x01, HDF5Output.dataspace(tensor.tensor.shape)), (0x03, HDF5Output.datatype(tensor.type)),
      // Written where it is set, which it is not.
      (0x05, [2, 2, 2, 1, 0, 0, 0, 0]), (0x08, layout.bytes),
    ]
    if tensor.type == .bfloat16 { messages.append((0x0C, attribute("dtype", .text("bfloat16")))) }
    return output.appendHeader(messages)
  }

  private mutating func attribute(_ name: String, _ value: HDF5Attribute) -> [UInt8] {
    guard case .text = value, let reference = texts.popFirst() else {
      preconditionFailure("attributes that are written are texts")
    }
    let parts = [Array(name.utf8) + [0], HDF5Output.textType, HDF5Output.dataspace([])]
    var body = HDF5Output()
    body.append([1, 0])
    for part in parts { body.append(part.count, 2) }
    for part in parts {
      body.append(part)
      body.align()
    }
    body.append(reference)
    return body.bytes
  }
}

extension HDF5NewGroup {
  /// The texts of all attributes, in the order in which they are written.
  fileprivate var texts: [String] {
    attributes.compactMap(\.value.text)
      + datasets.flatMap { $0.tensor.type == .bfloat16 ? ["bfloat16"] : [] }
      + groups.flatMap { $0.content.texts }
  }

  /// The approximate size of a file with the contents.
  fileprivate var byteCount: Int {
    datasets.reduce(groups.reduce(4096) { $0 + $1.content.byteCount }) { $0 + $1.tensor.byteCount + 512 }
  }
}

extension StoredTensor {
  /// The expected type of elements, and their actual type.
  fileprivate struct Mismatch: Error {
    let expected: String
    let found: String
  }

  /// Appends the elements in this machine's order.
  fileprivate func appendElements(to bytes: inout [UInt8]) throws(Mismatch) {
    let refuse = { (expected: String, found: String) in Mismatch(expected: expected, found: found) }
    func append(_ elements: some TypedTensor) throws(Mismatch) {
      try elements.tensor.writeElements(as: type, refuse: refuse) { (part: UnsafeRawBufferPointer) throws(Mismatch) in
        bytes.append(contentsOf: part)
      }
    }
    try append(tensor.opened)
  }
}
