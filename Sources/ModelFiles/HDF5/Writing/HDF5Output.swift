/// Bytes of a file being written: numbers are little-endian, structures start at multiples of 8.
struct HDF5Output {
  var bytes: [UInt8] = []

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func append(_ number: Int, _ width: Int) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }

  /// Marks the absence of an address.
  mutating func appendNoAddress() { append(-1, 8) }

  /// Begins a structure with its signature.
  /// - Returns: where it begins.
  mutating func append(_ signature: StaticString) -> Int {
    let start = align()
    signature.withUTF8Buffer { bytes += $0 }
    return start
  }

  /// - Returns: where the next structure may begin.
  @discardableResult
  mutating func align() -> Int {
    reserve((8 - bytes.count % 8) % 8)
    return bytes.count
  }

  /// Zeros.
  /// - Returns: where they begin.
  @discardableResult
  mutating func reserve(_ count: Int) -> Int {
    bytes.append(contentsOf: repeatElement(0, count: count))
    return bytes.count - count
  }

  mutating func set(_ number: Int, _ width: Int, at offset: Int) {
    for index in 0..<width { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
  }

  /// An object's header.
  /// - Returns: where it begins.
  mutating func appendHeader(_ messages: [(kind: Int, body: [UInt8])]) -> Int {
    let start = align()
    append([1, 0])
    append(messages.count, 2)
    append(1, 4)
    let size = reserve(4)
    reserve(4)
    for message in messages {
      append(message.kind, 2)
      append((message.body.count + 7) / 8 * 8, 2)
      append(0, 4)
      append(message.body)
      align()
    }
    set(bytes.count - start - 16, 4, at: size)
    return start
  }

  /// Global heaps of texts.
  /// - Returns: a reference to each.
  mutating func appendTexts(_ texts: [String]) -> [[UInt8]] {
    var references: [[UInt8]] = []
    var rest = texts[...]
    while !rest.isEmpty {
      let heap = append("GCOL")
      append(1, 4)
      let size = reserve(8)
      var number = 0
      while let text = rest.first, number == 0 || (number < 0xFFFF && bytes.count - heap < 1 << 20) {
        rest.removeFirst()
        // An empty text is stored as a NUL, because texts without bytes have no address.
        let content = text.isEmpty ? [0] : Array(text.utf8)
        number += 1
        append(number, 8)
        append(content.count, 8)
        append(content)
        align()
        var reference = HDF5Output()
        reference.append(content.count, 4)
        reference.append(heap, 8)
        reference.append(number, 4)
        references.append(reference.bytes)
      }
      // Heaps have at least 4096 bytes; the rest is an object with the number 0.
      let free = max(heap + 4096 - bytes.count, 16)
      append(0, 8)
      append(free, 8)
      reserve(free - 16)
      set(bytes.count - heap, 8, at: size)
    }
    return references
  }

  // MARK: Messages

  static func dataspace(_ shape: [Int]) -> [UInt8] {
    var result = HDF5Output()
    result.append([1, UInt8(shape.count), 0, 0, 0, 0, 0, 0])
    for length in shape { result.append(length, 8) }
    return result.bytes
  }

  /// Texts of variable length in UTF-8, whose elements are bytes.
  static let textType = [0x19, 1, 1, 0, 16, 0, 0, 0] + datatype(.uint8)

  static func datatype(_ type: StoredType) -> [UInt8] {
    switch type {
    case .float16: float(type, exponent: 5, mantissa: 10)
    case .float32: float(type, exponent: 8, mantissa: 23)
    case .float64: float(type, exponent: 11, mantissa: 52)
    // Opaque, as in h5py's files; an attribute names the type.
    case .bfloat16: [0x15, 0, 0, 0, 2, 0, 0, 0]
    // An enumeration.
    case .bool: [0x18, 2, 0, 0, 1, 0, 0, 0] + datatype(.int8) + Array("FALSE\0\0\0TRUE\0\0\0\0".utf8) + [0, 1]
    case .int8, .int16, .int32, .int64: integer(type, flags: 8)
    case .uint8, .uint16, .uint32, .uint64: integer(type, flags: 0)
    }
  }

  private static func integer(_ type: StoredType, flags: UInt8) -> [UInt8] {
    var result = HDF5Output()
    result.append([0x10, flags, 0, 0])
    result.append(type.byteCount, 4)
    result.append(0, 2)
    result.append(8 * type.byteCount, 2)
    return result.bytes
  }

  private static func float(_ type: StoredType, exponent: Int, mantissa: Int) -> [UInt8] {
    var result = HDF5Output()
    // The first digit is implied; the sign is the highest bit.
    result.append([0x11, 0x20, UInt8(exponent + mantissa), 0])
    result.append(type.byteCount, 4)
    result.append(0, 2)
    result.append(8 * type.byteCount, 2)
    result.append([UInt8(mantissa), UInt8(exponent), 0, UInt8(mantissa)])
    result.append(1 << (exponent - 1) - 1, 4)
    return result.bytes
  }
}
