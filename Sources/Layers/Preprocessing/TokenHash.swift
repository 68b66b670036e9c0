// The hash functions by which Keras spreads tokens over bins, all from TensorFlow: FarmHash's Fingerprint64, SipHash-2-4
// with a key, and the combination of two fingerprints.

/// A hash of bytes, or of several hashes.
enum TokenHash {
  private static let first: UInt64 = 0xC3A5_C85C_97CB_3127
  private static let second: UInt64 = 0xB492_B66F_BE98_F273
  private static let third: UInt64 = 0x9AE1_6A3B_2F90_404F

  /// FarmHash's Fingerprint64.
  static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    let count = UInt64(bytes.count)
    let factor = third &+ count &* 2
    switch bytes.count {
    case 0: return third
    case 1...3:
      let y = UInt64(bytes[0]) &+ UInt64(bytes[bytes.count >> 1]) << 8
      let z = count &+ UInt64(bytes[bytes.count - 1]) << 2
      return (y &* third ^ z &* first).mixed &* third
    case 4...7:
      return pair(count &+ bytes.word32(0) << 3, bytes.word32(bytes.count - 4), factor)
    case 8...16:
      let (a, b) = (bytes.word(0) &+ third, bytes.word(bytes.count - 8))
      return pair(b.rotated(37) &* factor &+ a, (a.rotated(25) &+ b) &* factor, factor)
    case 17...32:
      let (a, b) = (bytes.word(0) &* second, bytes.word(8))
      let (c, d) = (bytes.word(bytes.count - 8) &* factor, bytes.word(bytes.count - 16) &* third)
      return pair(
        (a &+ b).rotated(43) &+ c.rotated(30) &+ d, a &+ (b &+ third).rotated(18) &+ c, factor)
    case 33...64: return medium(bytes, factor)
    default: return long(bytes)
    }
  }

  private static func pair(_ u: UInt64, _ v: UInt64, _ factor: UInt64) -> UInt64 {
    let a = ((u ^ v) &* factor).mixed
    return ((v ^ a) &* factor).mixed &* factor
  }

  private static func medium(_ bytes: [UInt8], _ factor: UInt64) -> UInt64 {
    let end = bytes.count
    let (a, b) = (bytes.word(0) &* third, bytes.word(8))
    let (c, d) = (bytes.word(end - 8) &* factor, bytes.word(end - 16) &* third)
    let y = (a &+ b).rotated(43) &+ c.rotated(30) &+ d
    let z = pair(y, a &+ (b &+ third).rotated(18) &+ c, factor)
    let (e, f) = (bytes.word(16) &* factor, bytes.word(24))
    let (g, h) = ((y &+ bytes.word(end - 32)) &* factor, (z &+ bytes.word(end - 24)) &* factor)
    return pair((e &+ f).rotated(43) &+ g.rotated(30) &+ h, e &+ (f &+ a).rotated(18) &+ g, factor)
  }

  private static func long(_ bytes: [UInt8]) -> UInt64 {
    let seed: UInt64 = 81
    var x = seed &* third &+ bytes.word(0)
    var y = seed &* second &+ 113
    var z = (y &* third &+ 113).mixed &* third
    var (v, w): ((UInt64, UInt64), (UInt64, UInt64)) = ((0, 0), (0, 0))
    func round(_ place: Int, _ factor: UInt64, _ small: UInt64 = 1) {
      x = (x &+ y &+ v.0 &+ bytes.word(place + 8)).rotated(37) &* factor
      y = (y &+ v.1 &+ bytes.word(place + 48)).rotated(42) &* factor
      x ^= w.1 &* small
      y = y &+ v.0 &* small &+ bytes.word(place + 40)
      z = (z &+ w.0).rotated(33) &* factor
      v = weak(bytes, place, v.1 &* factor, x &+ w.0)
      w = weak(bytes, place + 32, z &+ w.1, y &+ bytes.word(place + 16))
      swap(&z, &x)
    }
    let end = (bytes.count - 1) / 64 * 64
    for place in stride(from: 0, to: end, by: 64) { round(place, second) }
    let factor = second &+ (z & 0xFF) << 1
    w.0 = w.0 &+ UInt64((bytes.count - 1) & 63)
    v.0 = v.0 &+ w.0
    w.0 = w.0 &+ v.0
    round(bytes.count - 64, factor, 9)
    return pair(
      pair(v.0, w.0, factor) &+ y.mixed &* first &+ z, pair(v.1, w.1, factor) &+ x, factor)
  }

  private static func weak(_ bytes: [UInt8], _ place: Int, _ a: UInt64, _ b: UInt64) -> (UInt64, UInt64) {
    let (w, x, y, z) = (bytes.word(place), bytes.word(place + 8), bytes.word(place + 16), bytes.word(place + 24))
    let start = a &+ w
    let sum = start &+ x &+ y
    return (sum &+ z, (b &+ start &+ z).rotated(21) &+ start &+ sum.rotated(44))
  }

  /// SipHash-2-4.
  static func keyed(_ bytes: [UInt8], _ key: (UInt64, UInt64)) -> UInt64 {
    var a = key.0 ^ 0x736F_6D65_7073_6575
    var b = key.1 ^ 0x646F_7261_6E64_6F6D
    var c = key.0 ^ 0x6C79_6765_6E65_7261
    var d = key.1 ^ 0x7465_6462_7974_6573
    func round() {
      (a, c) = (a &+ b, c &+ d)
      (b, d) = (b.rotated(64 - 13) ^ a, d.rotated(64 - 16) ^ c)
      a = a.rotated(32)
      (c, a) = (c &+ b, a &+ d)
      (b, d) = (b.rotated(64 - 17) ^ c, d.rotated(64 - 21) ^ a)
      c = c.rotated(32)
    }
    let whole = bytes.count / 8 * 8
    var last = UInt64(bytes.count & 0xFF) << 56
    for (place, byte) in bytes[whole...].enumerated() { last |= UInt64(byte) << (8 * UInt64(place)) }
    for word in stride(from: 0, to: whole, by: 8).map({ bytes.word($0) }) + [last] {
      d ^= word
      round()
      round()
      a ^= word
    }
    c ^= 0xFF
    for _ in 0..<4 { round() }
    return a ^ b ^ c ^ d
  }

  /// A hash of several.
  static func crossed(_ hashes: [UInt64]) -> UInt64 {
    let factor: UInt64 = 0xC6A4_A793_5BD1_E995
    return hashes.reduce(0xDE_CAFC_AFFE) { sum, hash in
      let start = (sum ^ factor ^ (hash &* factor).mixed &* factor) &* factor
      return (start.mixed &* factor).mixed
    }
  }
}

extension UInt64 {
  fileprivate var mixed: UInt64 { self ^ self >> 47 }
  /// To the right.
  fileprivate func rotated(_ count: UInt64) -> UInt64 { self >> count | self << (64 - count) }
}

extension [UInt8] {
  /// Eight bytes as a number, the first as the lowest.
  fileprivate func word(_ place: Int) -> UInt64 {
    self[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  fileprivate func word32(_ place: Int) -> UInt64 {
    self[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
