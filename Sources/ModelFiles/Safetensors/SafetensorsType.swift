internal import Tensor

/// The element types of safetensors files, in the order of the format's own writer. Source: the `Dtype` of
/// `safetensors/src/tensor.rs`, version 0.8.
struct SafetensorsType {
  let name: String
  /// The corresponding type; `nil` if there is none.
  let type: StoredType?
  let bitCount: Int
  /// Larger types are written first.
  let rank: Int

  static let all: [SafetensorsType] = {
    let rows: [(String, StoredType?, Int)] = [
      ("BOOL", .bool, 8), ("F4", nil, 4), ("F6_E2M3", nil, 6), ("F6_E3M2", nil, 6), ("U8", .uint8, 8), ("I8", .int8, 8),
      ("F8_E5M2", nil, 8), ("F8_E4M3", nil, 8), ("F8_E8M0", nil, 8), ("F8_E4M3FNUZ", nil, 8), ("F8_E5M2FNUZ", nil, 8),
      ("I16", .int16, 16), ("U16", .uint16, 16), ("F16", .float16, 16), ("BF16", .bfloat16, 16), ("I32", .int32, 32),
      ("U32", .uint32, 32), ("F32", .float32, 32), ("C64", nil, 64), ("F64", .float64, 64), ("I64", .int64, 64),
      ("U64", .uint64, 64),
    ]
    return rows.enumerated().map { SafetensorsType(name: $1.0, type: $1.1, bitCount: $1.2, rank: $0) }
  }()

  static func named(_ name: String) -> SafetensorsType? { all.first { $0.name == name } }

  static func of(_ type: StoredType) -> SafetensorsType {
    guard let result = all.first(where: { $0.type == type }) else { trap("safetensors do not have \(type.name)") }
    return result
  }

  /// The size of a tensor in bytes; `nil` if it is not an integer or cannot be counted.
  func byteCount(_ shape: [Int]) -> Int? {
    var bits = bitCount
    for length in shape {
      // Lengths of 0 count as 1, as in strides.
      let (product, overflow) = bits.multipliedReportingOverflow(by: max(length, 1))
      if length < 0 || overflow { return nil }
      bits = product
    }
    if shape.contains(0) { return 0 }
    return bits % 8 == 0 ? bits / 8 : nil
  }
}
