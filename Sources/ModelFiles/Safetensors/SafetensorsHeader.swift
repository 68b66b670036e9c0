internal import FoundationEssentials
internal import Tensor

/// The header of a safetensors file: its length in eight bytes, and JSON. Source: the README of
/// https://github.com/huggingface/safetensors, and its `tensor.rs`.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let typeName: String
    let shape: [Int]
    /// The range from the beginning of the file.
    let bytes: Range<Int>
  }

  /// The entries, in the order of their bytes.
  let entries: [Entry]
  let metadata: [String: String]

  /// The largest size that the format permits.
  static let maximumByteCount = 100_000_000

  init(of file: FileBytes) throws(ModelFileError) {
    guard file.byteCount >= 8 else {
      throw file.failure(
        .format, at: file.byteCount, expected: "the header's length in 8 bytes", found: "the end of the file")
    }
    let length = LittleEndianBytes(try file.bytes(0..<8)).uint64(0)
    guard length <= Self.maximumByteCount else {
      throw file.failure(
        .format, at: 0, expected: "a header of at most \(Self.maximumByteCount) bytes", found: "the length \(length)")
    }
    let end = 8 + Int(length)
    guard end <= file.byteCount else {
      throw file.failure(
        .format, at: file.byteCount, expected: "a header of \(length) bytes", found: "the end of the file")
    }
    let json = try file.bytes(8..<end)
    guard json.first == UInt8(ascii: "{") else {
      throw file.failure(.format, at: 8, expected: "a JSON object", found: "other bytes")
    }
    var reading = SafetensorsHeaderReading(json, file: file.name)
    try reading.read()
    metadata = reading.metadata
    entries = try Self.entries(reading.tensors, file, dataStart: end)
  }

  /// Checks that each tensor has the number of bytes that its shape requires, and that they cover the data without gap
  /// or overlap.
  private static func entries(
    _ tensors: [SafetensorsHeaderReading.Tensor], _ file: FileBytes, dataStart: Int
  ) throws(ModelFileError) -> [Entry] {
    let available = file.byteCount - dataStart
    var entries: [Entry] = []
    entries.reserveCapacity(tensors.count)
    for tensor in tensors {
      let name = tensor.name
      func damaged(_ expected: String, _ found: String) -> ModelFileError {
        ModelFileError(kind: .format, file: file.name, place: "tensor \(name)", expected: expected, found: found)
      }
      let offsets = tensor.offsets
      guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available else {
        throw damaged("two ascending data_offsets within the \(available) bytes of data", "\(offsets)")
      }
      guard tensor.shape.allSatisfy({ $0 >= 0 }) else {
        throw damaged("lengths that are not negative", "\(tensor.shape)")
      }
      let byteCount = offsets[1] - offsets[0]
      if let type = SafetensorsType.named(tensor.dtype), type.byteCount(tensor.shape) != byteCount {
        let expected = type.byteCount(tensor.shape).map { "\($0) bytes" } ?? "a size in bytes"
        throw damaged("\(expected) for \(type.name) of the shape \(tensor.shape)", "\(byteCount)")
      }
      entries.append(
        Entry(
          name: name, typeName: tensor.dtype, shape: tensor.shape,
          bytes: dataStart + offsets[0]..<dataStart + offsets[1]))
    }
    entries.sort { first, second in
      let (left, right) = (first.bytes, second.bytes)
      if (left.lowerBound, left.upperBound) == (right.lowerBound, right.upperBound) {
        return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
      }
      return (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
    }
    var position = dataStart
    for entry in entries {
      guard entry.bytes.lowerBound == position else {
        throw ModelFileError(
          kind: .format, file: file.name, place: "tensor \(entry.name)",
          expected: "data from byte \(position), where the previous tensor ends",
          found: "byte \(entry.bytes.lowerBound)")
      }
      position = entry.bytes.upperBound
    }
    guard position == file.byteCount else {
      throw file.failure(
        .format, at: position, expected: "the end of the file after the last tensor",
        found: "\(file.byteCount - position) more bytes")
    }
    return entries
  }
}

// MARK: Writing

extension SafetensorsHeader {
  /// The bytes before the data of tensors in this order, like the format's own writer's.
  static func encoded(_ tensors: [NamedTensor], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let strings = pairs.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.value.byteCount
      let shape = tensor.value.tensor.shape.map(String.init).joined(separator: ",")
      let type = SafetensorsType.of(tensor.value.type).name
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  /// A string as JSON.
  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let json = try? encoder.encode(text) else { trap("a string has JSON") }
    return String(decoding: json, as: UTF8.self)
  }
}
