// Where elements of variable length stand: texts of attributes.

extension HDF5Structure {
  /// A reference: the number of elements, the heap's address and the object's number there.
  mutating func checkVariable(at offset: Int, elementSize: Int, place: String) throws(ModelFileError) {
    let count = try bytes.integer(offset, 4, "the length of a text")
    if count == 0 { return }
    guard let heap = try bytes.address(offset + 4, "a global heap") else {
      throw bytes.error(place, expected: "the address of a text", found: "none")
    }
    let index = try bytes.integer(offset + 12, 4, "the number of a text")
    let sizes = try globalHeap(at: heap)
    // Each text stands in the file once: many references to one would take more memory than the file.
    textBytes += count * elementSize
    guard textBytes <= bytes.count else {
      throw bytes.error(.limit, place, expected: "texts of at most \(bytes.count) bytes in all", found: "more")
    }
    guard let size = sizes[index], count <= size / elementSize else {
      throw bytes.error(
        place, expected: "object \(index) of at least \(count) elements in the heap at byte \(heap)",
        found: sizes[index].map { "\($0) bytes" } ?? "no such object")
    }
  }

  /// The sizes of the objects.
  private mutating func globalHeap(at address: Int) throws(ModelFileError) -> [Int: Int] {
    if let sizes = globalHeaps[address] { return sizes }
    try visit(address, "a global heap")
    try bytes.requireSignature("GCOL", at: address, "a global heap")
    let version = try bytes.integer(address + 4, 1, "the version of a heap")
    let size = try bytes.integer(address + 8, 8, "the size of a heap")
    guard version == 1, size >= 4096 else {
      throw bytes.error(
        "byte \(address)", expected: "a global heap of version 1 and at least 4096 bytes",
        found: "one of version \(version) and \(size)")
    }
    try bytes.require(address, size, "a global heap")
    var sizes: [Int: Int] = [:]
    var offset = address + 16
    let end = address + size
    var hasFreeSpace = false
    while end - offset >= 16 {
      let index = try bytes.integer(offset, 2, "the number of an object")
      let length = try bytes.integer(offset + 8, 8, "the size of an object")
      // Object 0 is free space, its own header included.
      if index == 0 {
        guard length >= 16, length <= end - offset, !hasFreeSpace else {
          throw bytes.error(
            "byte \(offset)", expected: "free space once, of 16 to \(end - offset) bytes", found: "\(length) bytes")
        }
        hasFreeSpace = true
        offset += length
        continue
      }
      let room = end - offset - 16
      guard length <= room, (length + 7) / 8 * 8 <= room, sizes.updateValue(length, forKey: index) == nil else {
        throw bytes.error("byte \(offset)", expected: "each object once, inside the heap", found: "object \(index)")
      }
      offset += 16 + (length + 7) / 8 * 8
    }
    globalHeaps[address] = sizes
    return sizes
  }
}
