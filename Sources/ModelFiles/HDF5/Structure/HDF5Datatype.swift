// The types of elements.

extension HDF5Structure {
  struct Datatype {
    /// Of one element, in bytes.
    let size: Int
    /// Of what a list of variable length holds; none where elements have one size.
    var variableElementSize: Int?
    /// Of the description.
    let length: Int
  }

  func datatype(_ body: Range<Int>, place: String, depth: Int = 0) throws(ModelFileError) -> Datatype {
    guard depth < 4 else { throw bytes.error(.limit, place, expected: "at most 4 types within types", found: "more") }
    let first = try field(body, 0, 1, place)
    let (kind, version) = (first & 15, first >> 4)
    let flags = try field(body, 1, 3, place)
    let size = try field(body, 4, 4, place)
    guard (1...3).contains(version), size > 0 else {
      throw bytes.error(
        place, expected: "a type of version 1 to 3 whose elements have a size",
        found: "one of version \(version) and \(size) bytes")
    }
    func result(_ length: Int) throws(ModelFileError) -> Datatype {
      guard length <= body.count else {
        throw bytes.error(place, expected: "a type of \(length) bytes", found: "\(body.count)")
      }
      return Datatype(size: size, length: length)
    }
    switch kind {
    case 0, 4:
      try checkBits(try field(body, 8, 2, place), try field(body, 10, 2, place), of: size, place)
      return try result(12)
    case 1:
      try checkFloat(body, size, flags, place)
      return try result(20)
    case 3:
      return try result(8)
    case 5:
      let tag = flags & 0xFF
      if tag > 0 {
        _ = try bytes.name(body.lowerBound + 8, before: min(body.upperBound, body.lowerBound + 8 + tag + 1), "a tag")
      }
      return try result(8 + (tag + 7) / 8 * 8)
    case 8:
      return try result(try checkEnumeration(body, size, flags & 0xFFFF, version, place, depth))
    case 9:
      guard size == 16 else { throw bytes.error(place, expected: "references of 16 bytes", found: "\(size)") }
      let element = try datatype(body.lowerBound + 8..<body.upperBound, place: place, depth: depth + 1)
      guard element.variableElementSize == nil else {
        throw bytes.error(.unsupported, place, expected: "lists of simple elements", found: "lists of lists")
      }
      var list = try result(8 + element.length)
      list.variableElementSize = element.size
      return list
    default:
      let names = [2: "times", 6: "records", 7: "references", 10: "arrays"]
      throw bytes.error(
        .unsupported, place, expected: "numbers, enumerations, texts or opaque bytes",
        found: "elements that are \(names[kind] ?? "of the class \(kind)")")
    }
  }

  private func checkBits(_ offset: Int, _ precision: Int, of size: Int, _ place: String) throws(ModelFileError) {
    guard precision > 0, size <= 64, offset + precision <= 8 * size else {
      throw bytes.error(
        place, expected: "numbers of at most \(min(64, size)) bytes",
        found: "\(precision) bits from bit \(offset) on in \(size) bytes")
    }
  }

  private func checkFloat(_ body: Range<Int>, _ size: Int, _ flags: Int, _ place: String) throws(ModelFileError) {
    let offset = try field(body, 8, 2, place)
    let precision = try field(body, 10, 2, place)
    try checkBits(offset, precision, of: size, place)
    let sign = flags >> 8 & 0xFF
    let exponent = (start: try field(body, 12, 1, place), size: try field(body, 13, 1, place))
    let mantissa = (start: try field(body, 14, 1, place), size: try field(body, 15, 1, place))
    _ = try field(body, 16, 4, place)
    let end = offset + precision
    guard sign < end, exponent.size > 0, exponent.size <= 32, mantissa.size > 0,
      exponent.start + exponent.size <= end, mantissa.start + mantissa.size <= end
    else {
      throw bytes.error(
        place, expected: "sign, exponent and mantissa inside \(end) bits",
        found: "\(sign), \(exponent.size) from \(exponent.start) on and \(mantissa.size) from \(mantissa.start) on")
    }
  }

  /// - Returns: the length of the description.
  private func checkEnumeration(
    _ body: Range<Int>, _ size: Int, _ count: Int, _ version: Int, _ place: String, _ depth: Int
  ) throws(ModelFileError) -> Int {
    let base = try datatype(body.lowerBound + 8..<body.upperBound, place: place, depth: depth + 1)
    guard base.variableElementSize == nil, base.size == size else {
      throw bytes.error(place, expected: "an enumeration of numbers", found: "one of something else")
    }
    var offset = 8 + base.length
    for _ in 0..<count {
      let name = try bytes.name(body.lowerBound + min(offset, body.count), before: body.upperBound, "a name of a value")
      offset += version < 3 ? (name.utf8.count + 8) / 8 * 8 : name.utf8.count + 1
    }
    return offset + count * size
  }
}
