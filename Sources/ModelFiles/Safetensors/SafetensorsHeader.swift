internal import Activations
internal import Layers
internal import Tensor

/// What stands in front of the data of a safetensors file: its length in eight bytes, and JSON. Source: the README of
/// https://github.com/huggingface/safetensors, and its `tensor.rs`.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let typeName: String
    let shape: [Int]
    /// From the beginning of the file.
    let bytes: Range<Int>
  }

  /// In the order of their bytes.
  let entries: [Entry]
  let metadata: [String: String]

  /// The longest that the format allows.
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
    let header: Configuration
    do {
      header = try Configuration(json: json)
    } catch {
      throw ModelFileError(
        kind: .format, file: file.name, place: "header", expected: "a JSON object", found: "\(error)")
    }
    var tensors = header.asObject ?? [:]
    metadata = try Self.metadata(tensors.removeValue(forKey: "__metadata__"), file)
    var entries: [Entry] = []
    entries.reserveCapacity(tensors.count)
    for (name, fields) in tensors { entries.append(try Self.entry(name, fields, file, dataStart: end)) }
    self.entries = try Self.tiled(entries, file, dataStart: end)
  }

  private static func metadata(
    _ fields: Configuration?, _ file: FileBytes
  ) throws(ModelFileError) -> [String: String] {
    guard let fields else { return [:] }
    guard let strings = fields.asObject?.compactMapValues(\.asString), strings.count == fields.asObject?.count else {
      throw ModelFileError(
        kind: .format, file: file.name, place: "header, __metadata__", expected: "an object of strings",
        found: "other values")
    }
    return strings
  }

  /// Checks that a tensor has the bytes that its shape needs.
  private static func entry(
    _ name: String, _ fields: Configuration, _ file: FileBytes, dataStart: Int
  ) throws(ModelFileError) -> Entry {
    func damaged(_ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(kind: .format, file: file.name, place: "tensor \(name)", expected: expected, found: found)
    }
    guard let typeName = fields["dtype"]?.asString, let shape = integers(fields["shape"]),
      let offsets = integers(fields["data_offsets"])
    else {
      throw damaged("dtype, shape and data_offsets: a string and two lists of whole numbers", "other fields")
    }
    let available = file.byteCount - dataStart
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available else {
      throw damaged("two ascending data_offsets within the \(available) bytes of data", "\(offsets)")
    }
    guard shape.allSatisfy({ $0 >= 0 }) else { throw damaged("lengths that are not negative", "\(shape)") }
    let byteCount = offsets[1] - offsets[0]
    if let type = SafetensorsType.named(typeName), type.byteCount(shape) != byteCount {
      let expected = type.byteCount(shape).map { "\($0) bytes" } ?? "a size in bytes"
      throw damaged("\(expected) for \(type.name) of the shape \(shape)", "\(byteCount)")
    }
    return Entry(name: name, typeName: typeName, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func integers(_ value: Configuration?) -> [Int]? {
    guard let list = value?.asList else { return nil }
    var integers: [Int] = []
    integers.reserveCapacity(list.count)
    for element in list {
      guard case .integer(let integer) = element else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// Checks that the tensors cover the data without gap or overlap.
  private static func tiled(
    _ unordered: [Entry], _ file: FileBytes, dataStart: Int
  ) throws(ModelFileError) -> [Entry] {
    let entries = unordered.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name) < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    var position = dataStart
    for entry in entries {
      guard entry.bytes.lowerBound == position else {
        throw ModelFileError(
          kind: .format, file: file.name, place: "tensor \(entry.name)",
          expected: "data from byte \(position) on, where the one before ends", found: "byte \(entry.bytes.lowerBound)")
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
  /// The bytes in front of the data of tensors in this order, as the format's own writer makes them.
  static func encoded(_ tensors: [NamedTensor], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let strings = pairs.map { "\(Configuration.string($0.key).json):\(Configuration.string($0.value).json)" }
      members.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.value.byteCount
      let shape = tensor.value.tensor.shape.map(String.init).joined(separator: ",")
      let type = SafetensorsType.of(tensor.value.type).name
      members.append(
        "\(Configuration.string(tensor.name).json):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }
}
