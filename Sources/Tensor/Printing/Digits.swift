internal import Glibc

/// A finite number in decimal digits: 0.d₁d₂d₃… · 10^point. No digits: zero.
struct Digits {
  var isNegative: Bool
  /// Without zeros at either end.
  var digits: [UInt8]
  /// How many digits stand before the point.
  var point: Int

  /// The fewest digits that tell a number from its neighbours of the same type.
  init<Real: BinaryFloatingPoint>(shortest real: Real) {
    isNegative = real.sign == .minus
    digits = []
    point = 0
    var hasPoint = false
    var exponent = 0
    var text = "\(real.magnitude)".utf8[...]
    while let character = text.popFirst() {
      switch character {
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "e"):
        exponent = Int(String(text)!)!
        text = text[text.endIndex...]
      default:
        digits.append(character - UInt8(ascii: "0"))
        if !hasPoint { point += 1 }
      }
    }
    point += exponent
    trim()
  }

  /// At most a number of digits behind the point; rounded correctly where the shortest are more.
  init<Real: BinaryFloatingPoint>(_ real: Real, fractional: Int) {
    self.init(shortest: real)
    guard digits.count - point > fractional else { return }
    // C's conversion is exact, and rounds exact halves to the even digit. Its decimal point depends on the locale.
    digits = cText("%.*f", fractional, Double(real)).filter(isDigit).map { $0 - UInt8(ascii: "0") }
    point = digits.count - fractional
    trim()
  }

  /// At most a number of digits behind the first one; rounded correctly where the shortest are more.
  init<Real: BinaryFloatingPoint>(_ real: Real, significant: Int) {
    self.init(shortest: real)
    if digits.count > significant + 1 { self.init(real, exactly: significant) }
  }

  /// As many digits behind the first one, of the exact value, rounded correctly.
  init<Real: BinaryFloatingPoint>(_ real: Real, exactly significant: Int) {
    isNegative = real.sign == .minus
    let text = cText("%.*e", significant, Double(real))
    let exponentStart = text.firstIndex(of: UInt8(ascii: "e"))!
    digits = text[..<exponentStart].filter(isDigit).map { $0 - UInt8(ascii: "0") }
    point = Int(String(decoding: text[(exponentStart + 1)...], as: UTF8.self))! + 1
    trim()
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    point = digits.isEmpty ? 1 : point - zeros
  }

  /// What stands before and behind the point, without zeros at the end.
  func parts(isScientific: Bool) -> (integer: String, fraction: String) {
    let point = isScientific ? 1 : self.point
    var integer = isNegative ? "-" : ""
    var fraction = ""
    if point <= 0 && !digits.isEmpty { fraction = String(repeating: "0", count: -point) }
    if point <= 0 || digits.isEmpty { integer += "0" }
    for (position, digit) in digits.enumerated() {
      if position < point { integer += "\(digit)" } else { fraction += "\(digit)" }
    }
    if point > digits.count && !digits.isEmpty { integer += String(repeating: "0", count: point - digits.count) }
    return (integer, fraction)
  }

  /// `e+05`, with at least two digits and at least the given number.
  func exponentText(width: Int) -> String {
    let exponent = point - 1
    let text = String(exponent.magnitude)
    return (exponent < 0 ? "e-" : "e+") + String(repeating: "0", count: max(0, max(2, width) - text.utf8.count)) + text
  }
}

private func isDigit(_ character: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) }

private func cText(_ format: String, _ precision: Int, _ value: Double) -> [UInt8] {
  withVaList([CInt(clamping: precision), value.magnitude]) { arguments in
    // 309 digits before the point at most.
    [UInt8](unsafeUninitializedCapacity: min(precision, 1100) + 320) { buffer, count in
      let written = buffer.withMemoryRebound(to: CChar.self) { vsnprintf($0.baseAddress, $0.count, format, arguments) }
      count = min(Int(written), buffer.count)
    }
  }
}
