internal import CKernels

// From the bytes of a file to a tensor's elements. Nothing here is generic: types are values, memory is raw.

/// How the elements of one type become those of another.
struct StoredReading {
  let source: StoredType
  let isByteSwapped: Bool
  let target: ElementType
  /// What goes through before the kernels convert it: the source itself or the next type that tensors have.
  let staged: ElementType

  init(from elements: StoredElements, to target: ElementType) {
    source = elements.type
    isByteSwapped = elements.isByteSwapped
    self.target = target
    staged =
      switch elements.type {
      case .float16, .bfloat16: .float
      case .uint64 where target.kind == .real: target
      case let type: type.elementType ?? .int64
      }
  }

  /// Whether the elements are the target's, but for their byte order.
  var isIdentity: Bool { source == StoredType(target) }

  /// Whether a tensor of the target's type reads the elements without being asked to convert: its own type, and types that
  /// tensors do not have where it holds every value of theirs exactly. For `uint64` in `Int64`, each element is checked.
  var isExact: Bool {
    if source.elementType != nil { return isIdentity }
    let smallest = source.readingType
    return target.kind == smallest.kind && target.byteCount >= smallest.byteCount
  }

  /// Brings bytes that are read in place into this machine's order, and Bool to 0 and 1.
  func normalise(_ bytes: UnsafeMutableRawBufferPointer) {
    if source == .bool { for i in bytes.indices where bytes[i] > 1 { bytes[i] = 1 } }
    guard isByteSwapped else { return }
    switch source.byteCount {
    case 2:
      let elements = bytes.bindMemory(to: UInt16.self)
      for i in elements.indices { elements[i] = elements[i].byteSwapped }
    case 4:
      let elements = bytes.bindMemory(to: UInt32.self)
      for i in elements.indices { elements[i] = elements[i].byteSwapped }
    case 8:
      let elements = bytes.bindMemory(to: UInt64.self)
      for i in elements.indices { elements[i] = elements[i].byteSwapped }
    default: break
    }
  }

  /// Converts elements in this machine's byte order. `scratch` holds as many of the staged type.
  /// - Returns: the position of the first element that does not fit, where `isChecked` asks for that.
  func convert(
    _ bytes: UnsafeMutableRawBufferPointer, scratch: UnsafeMutableRawPointer, to result: UnsafeMutableRawPointer,
    isChecked: Bool
  ) -> Int? {
    let count = bytes.count / source.byteCount
    var input = bytes.baseAddress!
    if StoredType(staged) != source {
      let place = staged == target ? result : scratch
      if let misfit = widen(bytes.baseAddress!, count, to: place, isChecked: isChecked) { return misfit }
      if staged == target { return nil }
      input = scratch
    }
    withUnsafePointer(to: 1) { unit in
      ck_convert(
        Kernels.best.table, target.kernelType, staged.kernelType, 1, [count], ck_operand(data: result, strides: unit),
        ck_operand(data: input, strides: unit))
    }
    return nil
  }

  /// The types that tensors do not have, to `staged`.
  private func widen(
    _ bytes: UnsafeMutableRawPointer, _ count: Int, to result: UnsafeMutableRawPointer, isChecked: Bool
  ) -> Int? {
    let integers = result.assumingMemoryBound(to: Int64.self)
    switch source {
    case .float16:
      let reals = result.assumingMemoryBound(to: Float.self)
      let halves = bytes.assumingMemoryBound(to: UInt16.self)
      for i in 0..<count { reals[i] = float(half: halves[i]) }
    case .bfloat16:
      let reals = result.assumingMemoryBound(to: Float.self)
      let elements = bytes.assumingMemoryBound(to: UInt16.self)
      for i in 0..<count { reals[i] = Float(bitPattern: UInt32(elements[i]) << 16) }
    case .int8:
      let elements = bytes.assumingMemoryBound(to: Int8.self)
      for i in 0..<count { integers[i] = Int64(elements[i]) }
    case .int16:
      let elements = bytes.assumingMemoryBound(to: Int16.self)
      for i in 0..<count { integers[i] = Int64(elements[i]) }
    case .uint16:
      let elements = bytes.assumingMemoryBound(to: UInt16.self)
      for i in 0..<count { integers[i] = Int64(elements[i]) }
    case .uint32:
      let elements = bytes.assumingMemoryBound(to: UInt32.self)
      for i in 0..<count { integers[i] = Int64(elements[i]) }
    case .uint64:
      let elements = bytes.assumingMemoryBound(to: UInt64.self)
      if let real = staged.scalar as? any RealScalar.Type {
        convertUnsigned(elements, count, to: real, result)
        return nil
      }
      for i in 0..<count {
        if isChecked && elements[i] > UInt64(Int64.max) { return i }
        integers[i] = Int64(clamping: elements[i])
      }
    case .float32, .float64, .int32, .int64, .uint8, .bool: preconditionFailure("tensors have \(source.name)")
    }
    return nil
  }
}

@_specialize(where Real == Float)
@_specialize(where Real == Double)
private func convertUnsigned<Real: RealScalar>(
  _ elements: UnsafePointer<UInt64>, _ count: Int, to: Real.Type, _ result: UnsafeMutableRawPointer
) {
  let reals = result.assumingMemoryBound(to: Real.self)
  for i in 0..<count { reals[i] = Real(elements[i]) }
}

/// The value of an IEEE half-precision number; exact. The exponent is rebased by a multiplication, which treats
/// subnormal numbers right. Without branches, so that the loop around it is made of vectors.
@inline(__always)
private func float(half bits: UInt16) -> Float {
  let magnitude = UInt32(bits & 0x7FFF) &<< 13
  let sign = UInt32(bits & 0x8000) &<< 16
  let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
  let isFinite = magnitude < 0x0F80_0000
  return Float(bitPattern: sign | (isFinite ? scaled : magnitude | 0x7F80_0000))
}
