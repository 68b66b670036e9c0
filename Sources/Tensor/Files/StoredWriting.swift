// From a tensor's elements to the bytes of those types of files that tensors do not have.

/// How the elements of a tensor become those of a file: reals any floating-point type, rounded to the nearest, ties to
/// even; integers any integer type that holds them; all the type that they are.
struct StoredWriting {
  let source: ElementType
  let target: StoredType

  init(from source: ElementType, to target: StoredType) {
    self.source = source
    self.target = target
  }

  var isIdentity: Bool { StoredType(source) == target }

  var isPossible: Bool { source.kind == target.kind }

  /// The types that the target is written from, for error texts.
  var sources: String {
    ElementType.allCases.filter { StoredWriting(from: $0, to: target).isPossible }.map(\.name).joined(separator: " ")
  }

  /// - Returns: the first number that does not fit.
  func convert(_ bytes: UnsafeRawBufferPointer, to result: UnsafeMutableRawPointer) -> String? {
    source.scalar.write(bytes, as: target, to: result)
  }
}

extension TensorScalar {
  fileprivate static func write(
    _ bytes: UnsafeRawBufferPointer, as type: StoredType, to result: UnsafeMutableRawPointer
  ) -> String? {
    element.write(bytes.bindMemory(to: Self.self), as: type, to: result)
  }
}

extension RealElement {
  static func write(
    _ reals: UnsafeBufferPointer<Scalar>, as type: StoredType, to result: UnsafeMutableRawPointer
  ) -> String? {
    switch type {
    case .float16: for (i, x) in reals.enumerated() { result.store(half(x.roundedToOdd), i) }
    case .bfloat16: for (i, x) in reals.enumerated() { result.store(bfloat(x.roundedToOdd), i) }
    case .float32: for (i, x) in reals.enumerated() { result.store(Float(x), i) }
    case .float64: for (i, x) in reals.enumerated() { result.store(Double(x), i) }
    default: preconditionFailure("\(type.name) is not written from \(storedType.name)")
    }
    return nil
  }
}

extension IntegerElement {
  static func write(
    _ integers: UnsafeBufferPointer<Scalar>, as type: StoredType, to result: UnsafeMutableRawPointer
  ) -> String? {
    switch type {
    case .int8: narrow(integers, to: Int8.self, result)
    case .int16: narrow(integers, to: Int16.self, result)
    case .int32: narrow(integers, to: Int32.self, result)
    case .int64: narrow(integers, to: Int64.self, result)
    case .uint8: narrow(integers, to: UInt8.self, result)
    case .uint16: narrow(integers, to: UInt16.self, result)
    case .uint32: narrow(integers, to: UInt32.self, result)
    case .uint64: narrow(integers, to: UInt64.self, result)
    default: preconditionFailure("\(type.name) is not written from \(storedType.name)")
    }
  }
}

private func narrow<Source: FixedWidthInteger, Target: FixedWidthInteger & BitwiseCopyable>(
  _ integers: UnsafeBufferPointer<Source>, to: Target.Type, _ result: UnsafeMutableRawPointer
) -> String? {
  for (i, integer) in integers.enumerated() {
    guard let element = Target(exactly: integer) else { return "\(integer)" }
    result.store(element, i)
  }
  return nil
}

extension UnsafeMutableRawPointer {
  @inline(__always)
  fileprivate func store<Element: BitwiseCopyable>(_ element: Element, _ i: Int) {
    storeBytes(of: element, toByteOffset: i * MemoryLayout<Element>.size, as: Element.self)
  }
}

extension RealScalar {
  /// A Float from which a shorter number is rounded as from the value itself: of the two Floats around the value the one
  /// whose last bit is set.
  @inline(__always)
  fileprivate var roundedToOdd: Float {
    let nearest = Float(self)
    if nearest.isNaN || nearest.bitPattern & 1 == 1 || Self(nearest) == self { return nearest }
    return Float(bitPattern: Self(nearest).magnitude > magnitude ? nearest.bitPattern - 1 : nearest.bitPattern + 1)
  }
}

/// The bits of the nearest IEEE half-precision number, ties to even; NaN keeps the upper bits of its payload.
@inline(__always)
private func half(_ x: Float) -> UInt16 {
  let sign = UInt16(truncatingIfNeeded: x.bitPattern >> 16) & 0x8000
  let magnitude = x.bitPattern & 0x7FFF_FFFF
  let upper = UInt16(truncatingIfNeeded: magnitude >> 13) & 0x3FF
  if magnitude > 0x7F80_0000 { return sign | 0x7C00 | payload(upper, quiet: 0x200) }
  if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
  if magnitude < 0x3880_0000 {
    // Subnormal: beside 0.5 the spacing of Floats is that of subnormal half-precision numbers.
    let sum = Float(bitPattern: magnitude) + 0.5
    return sign | UInt16(truncatingIfNeeded: sum.bitPattern - Float(0.5).bitPattern)
  }
  let rounded = magnitude + 0xFFF + (magnitude >> 13 & 1)
  return sign | UInt16(truncatingIfNeeded: (rounded - (112 << 23)) >> 13)
}

/// The bits of the nearest bfloat16, ties to even; NaN keeps the upper bits of its payload.
@inline(__always)
private func bfloat(_ x: Float) -> UInt16 {
  let upper = UInt16(truncatingIfNeeded: x.bitPattern >> 16)
  if x.isNaN { return upper & 0xFF80 | payload(upper & 0x7F, quiet: 0x40) }
  return UInt16(truncatingIfNeeded: (x.bitPattern + 0x7FFF + UInt32(upper & 1)) >> 16)
}

/// What remains of a NaN's payload; a quiet NaN where nothing does, for without a payload it would be infinite.
@inline(__always)
private func payload(_ upper: UInt16, quiet: UInt16) -> UInt16 { upper == 0 ? quiet : upper }
