internal import CHDF5
internal import Tensor

extension HDF5ElementType {
  /// Of a type that is open in the library.
  init(_ type: borrowing HDF5Handle, attributes: [String: HDF5Attribute]) {
    let size = H5Tget_size(type.id)
    byteCount = size
    isByteSwapped = size > 1 && H5Tget_order(type.id) == H5T_ORDER_BE
    let kind = H5Tget_class(type.id)
    switch kind {
    case H5T_FLOAT:
      stored = Self.float(type.id, size)
      name = "\(8 * size)-bit floating point"
    case H5T_INTEGER:
      let isSigned = H5Tget_sign(type.id) == H5T_SGN_2
      let isWhole = H5Tget_precision(type.id) == 8 * size && H5Tget_offset(type.id) == 0
      let named = StoredType(rawValue: "\(isSigned ? "" : "u")int\(8 * size)")
      stored = isWhole && (H5Tget_order(type.id) == H5T_ORDER_BE || H5Tget_order(type.id) == H5T_ORDER_LE) ? named : nil
      name = "\(8 * size)-bit integer"
    case H5T_ENUM:
      stored = Self.isBool(type.id, size) ? .bool : nil
      name = "enumeration"
    case H5T_OPAQUE:
      stored = size == 2 && attributes["dtype"] == .text("bfloat16") ? .bfloat16 : nil
      name = "opaque bytes"
    case H5T_STRING:
      stored = nil
      name = "text"
    default:
      stored = nil
      name = "class \(kind.rawValue)"
    }
  }

  /// The format whose bits stand where the type says.
  private static func float(_ type: hid_t, _ size: Int) -> StoredType? {
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    guard H5Tget_fields(type, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize) >= 0,
      H5Tget_order(type) == H5T_ORDER_LE || H5Tget_order(type) == H5T_ORDER_BE,
      mantissa == 0, exponent == mantissaSize, sign == exponent + exponentSize, sign == 8 * size - 1,
      H5Tget_ebias(type) == 1 << (exponentSize - 1) - 1, H5Tget_norm(type) == H5T_NORM_IMPLIED
    else { return nil }
    return switch (size, exponentSize) {
    case (2, 5): .float16
    case (2, 8): .bfloat16
    case (4, 8): .float32
    case (8, 11): .float64
    default: nil
    }
  }

  /// Bytes that are FALSE or TRUE, as h5py writes them.
  private static func isBool(_ type: hid_t, _ size: Int) -> Bool {
    guard size == 1, H5Tget_nmembers(type) == 2 else { return false }
    for (index, name) in [(UInt32(0), "FALSE"), (1, "TRUE")] {
      guard let member = H5Tget_member_name(type, index) else { return false }
      defer { H5free_memory(member) }
      var value: UInt8 = 2
      guard String(cString: member) == name, H5Tget_member_value(type, index, &value) >= 0, value == index else {
        return false
      }
    }
    return true
  }

  /// A type of the library for elements that are written.
  static func make(_ type: StoredType, _ failure: () -> ModelFileError) throws(ModelFileError) -> HDF5Handle {
    switch type {
    case .float32: return try HDF5Handle(H5Tcopy(chdf5_ieee_f32le()), H5Tclose, failure)
    case .float64: return try HDF5Handle(H5Tcopy(chdf5_ieee_f64le()), H5Tclose, failure)
    case .float16:
      let half = try HDF5Handle(H5Tcopy(chdf5_ieee_f32le()), H5Tclose, failure)
      guard H5Tset_fields(half.id, 15, 10, 5, 0, 10) >= 0, H5Tset_size(half.id, 2) >= 0, H5Tset_ebias(half.id, 15) >= 0
      else { throw failure() }
      return half
    // As h5py writes it; the dataset has an attribute that tells.
    case .bfloat16: return try HDF5Handle(H5Tcreate(H5T_OPAQUE, 2), H5Tclose, failure)
    case .bool:
      let bool = try HDF5Handle(H5Tenum_create(chdf5_integer(1, true)), H5Tclose, failure)
      for (name, value) in [("FALSE", Int8(0)), ("TRUE", 1)] {
        guard withUnsafePointer(to: value, { H5Tenum_insert(bool.id, name, $0) }) >= 0 else { throw failure() }
      }
      return bool
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
      return try HDF5Handle(
        H5Tcopy(chdf5_integer(type.byteCount, !type.rawValue.hasPrefix("u"))), H5Tclose, failure)
    }
  }
}
