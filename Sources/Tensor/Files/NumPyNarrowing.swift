// From a tensor's elements to those types of `.npy` files that tensors do not have.

/// How elements of one type become those of a smaller one.
struct NumPyNarrowing {
  let source: ElementType
  let target: NumPyType

  /// Half precision is made of Float, all integers of Int64.
  init?(from source: ElementType, to target: NumPyType) {
    switch (source, target) {
    case (.float, .float16), (.int64, .int8), (.int64, .int16), (.int64, .uint16), (.int64, .uint32),
      (.int64, .uint64):
      break
    case (let source, let target) where NumPyType(source) == target: break
    default: return nil
    }
    self.source = source
    self.target = target
  }

  var isIdentity: Bool { NumPyType(source) == target }

  /// - Returns: the converted elements, and which of them the first one is that does not fit.
  func narrow(_ bytes: UnsafeRawBufferPointer) -> (elements: [UInt8], misfit: Int?) {
    switch target {
    case .float16: (converted(bytes.bindMemory(to: Float.self)) { half(float: $0) }, nil)
    case .int8: narrow(bytes.bindMemory(to: Int64.self), to: Int8.self)
    case .int16: narrow(bytes.bindMemory(to: Int64.self), to: Int16.self)
    case .uint16: narrow(bytes.bindMemory(to: Int64.self), to: UInt16.self)
    case .uint32: narrow(bytes.bindMemory(to: Int64.self), to: UInt32.self)
    case .uint64: narrow(bytes.bindMemory(to: Int64.self), to: UInt64.self)
    case .float32, .float64, .int32, .int64, .uint8, .bool: preconditionFailure("tensors have \(target.name)")
    }
  }

  private func narrow<Target: FixedWidthInteger>(
    _ integers: UnsafeBufferPointer<Int64>, to: Target.Type
  ) -> (elements: [UInt8], misfit: Int?) {
    let misfit = integers.firstIndex { Target(exactly: $0) == nil }
    return (converted(integers) { Target(truncatingIfNeeded: $0) }, misfit)
  }

  private func converted<Source, Target>(
    _ elements: UnsafeBufferPointer<Source>, _ convert: (Source) -> Target
  ) -> [UInt8] {
    let width = MemoryLayout<Target>.size
    return [UInt8](unsafeUninitializedCapacity: elements.count * width) { buffer, count in
      for i in elements.indices {
        UnsafeMutableRawPointer(buffer.baseAddress! + i * width).storeBytes(of: convert(elements[i]), as: Target.self)
      }
      count = elements.count * width
    }
  }
}

/// The bits of the nearest IEEE half-precision number, ties to even; NaN keeps the upper bits of its payload.
@inline(__always)
private func half(float x: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: x.bitPattern >> 16) & 0x8000
  let magnitude = x.bitPattern & 0x7FFF_FFFF
  if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude >> 13) & 0x3FF }
  if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
  if magnitude < 0x3880_0000 {
    // Subnormal: beside 0.5 the spacing of Floats is that of subnormal half-precision numbers.
    let sum = Float(bitPattern: magnitude) + 0.5
    return sign | UInt16(truncatingIfNeeded: sum.bitPattern - Float(0.5).bitPattern)
  }
  let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
  return sign | UInt16(truncatingIfNeeded: (rounded - (112 << 23)) >> 13)
}
