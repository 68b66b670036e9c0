import Activations
import KerasFormat
import Layers
import Tensor

/// Inputs made of files by changes at random, the same for the same seed.
package struct Mutation {
  package let reader: Reader
  private let files: [[UInt8]]
  /// Of HDF5 files, in the order of the files.
  private let checksums: [MendedChecksums]

  /// - Parameter files: what inputs begin with; of a .keras file, for the reader of configurations, its own.
  package init(_ reader: Reader, _ files: [[UInt8]]) {
    self.reader = reader
    self.files = files.map { file in
      let members = reader == .configuration ? Archive(file)?.members : nil
      return members?.first { $0.name == Array("config.json".utf8) }?.data ?? file
    }
    checksums = [.hdf5, .legacy, .weights].contains(reader) ? self.files.map(MendedChecksums.init) : []
  }

  /// - Parameter limit: longer inputs are cut off.
  package func input(seed: UInt64, limit: Int = 1 << 20) -> [UInt8] {
    var change = Change(seed: seed)
    let chosen = change.number(below: files.count)
    var bytes = files[chosen]
    let other = change.element(of: files)
    for _ in 0...change.number(below: 3) { bytes = changed(bytes, other, &change) }
    if !checksums.isEmpty, !change.isTrue(oneIn: 4) { checksums[chosen].mend(&bytes) }
    return Array(bytes.prefix(limit))
  }

  private func changed(_ bytes: [UInt8], _ other: [UInt8], _ change: inout Change) -> [UInt8] {
    switch reader {
    case .npz, .keras: change.archive(bytes, other)
    case .configuration: change.text(bytes, other)
    case .safetensors: change.lengthPrefixed(bytes, other)
    case .npy: change.array(bytes, other)
    case .hdf5, .legacy, .weights: change.bytes(bytes, other)
    }
  }
}

/// One source of chance.
struct Change {
  private var generator: PhiloxGenerator

  init(seed: UInt64) { generator = PhiloxGenerator(seed: seed) }

  mutating func number(below end: Int) -> Int { end <= 1 ? 0 : Int(generator.next() % UInt64(end)) }
  mutating func element<Value>(of values: [Value]) -> Value { values[number(below: values.count)] }
  mutating func isTrue(oneIn count: Int) -> Bool { number(below: count) == 0 }

  // MARK: Bytes

  mutating func bytes(_ bytes: [UInt8], _ other: [UInt8]) -> [UInt8] {
    var result = bytes
    if result.isEmpty { return other }
    let place = number(below: result.count)
    switch number(below: 10) {
    case 0: result[place] ^= 1 << UInt8(number(below: 8))
    case 1: for _ in 0..<8 { result[number(below: result.count)] ^= 1 << UInt8(number(below: 8)) }
    case 2: result[place] = element(of: [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x20, 0x30])
    case 3, 4: setField(&result, at: place)
    case 5: result.removeLast(result.count - place)
    case 6: result = Array(result[..<place]) + other.suffix(number(below: other.count + 1))
    case 7: result.removeSubrange(place..<min(result.count, place + 1 + number(below: 64)))
    case 8:
      let copied = result[place..<min(result.count, place + 1 + number(below: 64))]
      result.insert(contentsOf: copied, at: number(below: result.count + 1))
    default: replaceDigits(&result, from: place)
    }
    return result
  }

  /// A length or an address of 1, 2, 4 or 8 bytes becomes one at the end of a range, or one that just does not fit.
  private mutating func setField(_ bytes: inout [UInt8], at place: Int) {
    let width = element(of: [1, 2, 4, 8])
    let start = max(0, min(place, bytes.count - width) & ~(isTrue(oneIn: 2) ? width - 1 : 0))
    let old = (0..<width).reduce(0) { sum, index in
      start + index < bytes.count ? sum | Int(bytes[start + index]) << (8 * index) : sum
    }
    let values: [Int] = [
      0, 1, -1, .max, .min, 1 << 31, 1 << 32 - 1, 1 << 62, 1 << 48, 1 << 30, bytes.count, bytes.count - 1, old &+ 1,
      old &- 1, old &* 2, old &+ 8, old &+ 0x1000,
    ]
    let value = element(of: values)
    let isReversed = isTrue(oneIn: 8)
    for index in 0..<width where start + index < bytes.count {
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> (8 * (isReversed ? width - 1 - index : index)))
    }
  }

  /// The next decimal number of a text becomes another.
  private mutating func replaceDigits(_ bytes: inout [UInt8], from place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    guard let start = bytes[place...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let texts = [
      "0", "1", "-1", "32", "33", "2147483648", "4294967296", "4611686018427387904", "9223372036854775807",
      "9223372036854775808", "18446744073709551616", "1e308", "1e400", "00", "", "1.5", "null", "NaN", "\"", "[1]",
    ]
    bytes.replaceSubrange(start..<end, with: Array(element(of: texts).utf8))
  }

  // MARK: Texts and headers

  /// JSON as a tree, or as bytes.
  mutating func text(_ bytes: [UInt8], _ other: [UInt8]) -> [UInt8] {
    guard !isTrue(oneIn: 4), let tree = try? Configuration(json: bytes) else { return self.bytes(bytes, other) }
    return Array(tree.changed(using: &generator).json.utf8)
  }

  /// A header of JSON whose length stands before it, as safetensors has; the length stays right.
  mutating func lengthPrefixed(_ bytes: [UInt8], _ other: [UInt8]) -> [UInt8] {
    let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    guard !isTrue(oneIn: 3), bytes.count >= 8, length >= 0, length <= bytes.count - 8 else {
      return self.bytes(bytes, other)
    }
    let header = text(Array(bytes[8..<(8 + length)]), Array(other.dropFirst(8)))
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + bytes[(8 + length)...]
  }

  /// An array of NumPy; the length of the header's text, at 8, stays right.
  mutating func array(_ bytes: [UInt8], _ other: [UInt8]) -> [UInt8] {
    guard !isTrue(oneIn: 3), bytes.count >= 10 else { return self.bytes(bytes, other) }
    let length = Int(bytes[8]) | Int(bytes[9]) << 8
    guard length <= bytes.count - 10 else { return self.bytes(bytes, other) }
    let header = self.bytes(Array(bytes[10..<(10 + length)]), other)
    return bytes[..<8] + [UInt8(truncatingIfNeeded: header.count), UInt8(truncatingIfNeeded: header.count >> 8)]
      + header
      + bytes[(10 + length)...]
  }

  /// A member whose checksum and size are right again, or the archive itself.
  mutating func archive(_ bytes: [UInt8], _ other: [UInt8]) -> [UInt8] {
    guard !isTrue(oneIn: 4), var archive = Archive(bytes) else {
      var changed = self.bytes(bytes, other)
      if isTrue(oneIn: 2) { changed.withUnsafeMutableBufferPointer { repairChecksums($0) } }
      return changed
    }
    let index = number(below: archive.members.count)
    let member = archive.members[index]
    let source = Archive(other)?.members.first { $0.name == member.name }?.data ?? other
    let name = String(decoding: member.name, as: UTF8.self)
    archive.members[index].data =
      member.method != 0
      ? self.bytes(member.data, source)
      : name.hasSuffix(".json")
        ? text(member.data, source)
        : name.hasSuffix(".npy") ? array(member.data, source) : self.bytes(member.data, source)
    return archive.bytes
  }
}
