// The storage of elements of variable length: texts of attributes.

extension HDF5Structures {
  /// Returns the bytes of a reference, which consists of a number of elements, the address of a heap, and the object's
  /// number there.
  mutating func variableElement(_ reference: Range<Int>) throws(ModelFileError) -> Range<Int> {
    var cursor = HDF5Cursor(bytes, reference, "a reference to a text")
    let count = try cursor.integer(4)
    guard count > 0 else { return reference.lowerBound..<reference.lowerBound }
    let heap = try cursor.address(of: "a text")
    let number = try cursor.integer(4)
    guard let object = try globalHeap(at: heap)[number], count <= object.count else {
      throw bytes.error(
        "byte \(reference.lowerBound)",
        expected: "object \(number) of at least \(count) bytes in the heap at byte \(heap)",
        found: globalHeaps[heap]?[number].map { "\($0.count) bytes" } ?? "no such object")
    }
    return object.lowerBound..<object.lowerBound + count
  }

  private mutating func globalHeap(at address: Int) throws(ModelFileError) -> [Int: Range<Int>] {
    if let objects = globalHeaps[address] { return objects }
    var cursor = try bytes.cursor(at: address, after: "GCOL", "a global heap")
    try cursor.require(1...1, "version")
    try cursor.skip(3)
    let heap = try bytes.range(address, try cursor.length(), "a global heap")
    try claim(heap, "a global heap")
    guard cursor.offset <= heap.upperBound else {
      throw bytes.error(
        "byte \(address)", expected: "a global heap that contains its own header", found: "\(heap.count) bytes")
    }
    cursor = HDF5Cursor(bytes, cursor.offset..<heap.upperBound, "a global heap")
    // Headers and objects start at multiples of 8.
    let padding = 8 - bytes.lengthWidth
    try cursor.skip(padding)
    var objects: [Int: Range<Int>] = [:]
    while cursor.remaining.count >= 16 {
      let number = try cursor.integer(2)
      try cursor.skip(6)
      let length = try cursor.length()
      // Object 0 is the free space at the end.
      if number == 0 { break }
      try cursor.skip(padding)
      let object = try cursor.take(length)
      try cursor.skip(min((8 - length % 8) % 8, cursor.remaining.count))
      guard objects.updateValue(object, forKey: number) == nil else {
        throw bytes.error("byte \(object.lowerBound)", expected: "each object once", found: "object \(number) again")
      }
    }
    globalHeaps[address] = objects
    return objects
  }
}
