import Activations
import Layers

// What libFuzzer's own mutations seldom come by: archives with right checksums, and JSON that is changed as a tree.

@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int) -> Int

@c(LLVMFuzzerCustomMutator)
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  var generator = PhiloxGenerator(seed: UInt64(seed))
  let bytes = UnsafeMutableBufferPointer(start: data, count: limit)
  if reader == .configuration, generator.next() % 4 != 0, let tree = try? Configuration(json: Array(bytes[..<size])) {
    let changed = Array(tree.changed(using: &generator).json.utf8)
    if changed.count <= limit {
      for (i, byte) in changed.enumerated() { bytes[i] = byte }
      return changed.count
    }
  }
  let count = mutate(data, size, limit)
  if reader == .npz || reader == .keras, generator.next() % 8 != 0 {
    repairChecksums(UnsafeMutableBufferPointer(rebasing: bytes[..<count]))
  }
  return count
}

// MARK: Archives

/// Gives every stored member the checksum of its data.
private func repairChecksums(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
  func number(_ offset: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) } }
  guard bytes.count >= 22 else { return }
  var entry = number(bytes.count - 6, 4)
  while entry + 46 <= bytes.count, number(entry, 4) == 0x0201_4B50 {
    let (method, size, header) = (number(entry + 10, 2), number(entry + 20, 4), number(entry + 42, 4))
    if method == 0, header + 30 <= bytes.count {
      let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
      if start + size <= bytes.count {
        let sum = checksum(bytes[start..<start + size])
        for i in 0..<4 {
          bytes[entry + 16 + i] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(i)))
          bytes[header + 14 + i] = bytes[entry + 16 + i]
        }
      }
    }
    entry += 46 + number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2)
  }
}

private func checksum(_ bytes: Swift.Slice<UnsafeMutableBufferPointer<UInt8>>) -> UInt32 {
  var sum: UInt32 = ~0
  for byte in bytes {
    let index = Int((sum ^ UInt32(byte)) & 0xFF)
    sum = checksumTable[index] ^ (sum >> 8)
  }
  return ~sum
}

private let checksumTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { sum, _ in (sum & 1) * 0xEDB8_8320 ^ (sum >> 1) }
}

// MARK: JSON

extension Configuration {
  /// This value with one of those in it changed.
  fileprivate func changed(using generator: inout PhiloxGenerator) -> Configuration {
    var values: [Configuration] = []
    collect(&values)
    var place = Int(generator.next() % UInt64(values.count))
    let replacement = Self.hostile(values, &generator)
    return replacing(&place, with: replacement)
  }

  private func collect(_ values: inout [Configuration]) {
    values.append(self)
    switch self {
    case .list(let list): for value in list { value.collect(&values) }
    case .object(let object): for key in object.keys.sorted() { object[key]!.collect(&values) }
    default: break
    }
  }

  /// Something else: a number at the end of a range, an empty value, another part of the same text.
  private static func hostile(_ values: [Configuration], _ generator: inout PhiloxGenerator) -> Configuration {
    let constants: [Configuration] = [
      nil, true, false, 0, 1, -1, 2, 3, .integer(.max), .integer(.min), .integer(1 << 31), .integer(1 << 20), 0.5,
      1e300,
      -1e-300, .number(.nan), .number(.infinity), "", "relu", "softmax", "Dense", "\u{0}", "a/b", [], [:], [nil],
      [nil, 4], [0, 0], ["class_name": "Dense", "config": [:]],
    ]
    let choice = Int(generator.next() % UInt64(constants.count + values.count))
    return choice < constants.count ? constants[choice] : values[choice - constants.count]
  }

  /// - Parameter place: which of the values, in the order of `collect`; below 0 afterwards.
  private func replacing(_ place: inout Int, with value: Configuration) -> Configuration {
    if place < 0 { return self }
    place -= 1
    if place < 0 { return value }
    switch self {
    case .list(let list): return .list(list.map { $0.replacing(&place, with: value) })
    case .object(var object):
      for key in object.keys.sorted() { object[key] = object[key]!.replacing(&place, with: value) }
      return .object(object)
    default: return self
    }
  }
}
