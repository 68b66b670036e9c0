// Comparison of computed with exact results. The unit is the spacing of numbers at the exact result, but at least that
// of subnormal numbers.

extension Tally {
  /// Compares Floats with exact results in Double, which has far more digits.
  /// - Parameter root: a root of a slope, near which errors are measured as if results were at least 2⁻⁸.
  mutating func add(
    inputs: [Float], exact: [Double], computed: [Float], direction: Direction = .value, root: Double? = nil
  ) {
    precondition(inputs.count == exact.count && inputs.count == computed.count)
    let root = root ?? .nan
    var misrounded = 0
    for i in inputs.indices {
      let exactly = exact[i]
      let rounded = Float(exactly)
      let result = computed[i]
      let error = abs(Double(result) - exactly)
      if error.isFinite && rounded.isFinite {
        let isNearRoot = abs(Double(inputs[i]) - root) < 0.25
        let size = isNearRoot ? max(abs(exactly), 0x1p-8) : exactly
        let errorInUnits = error * reciprocalFloatSpacing(at: size)
        if errorInUnits >= largestError && errorInUnits > 0 {
          note(error: errorInUnits, Sample(inputs[i], exactly, result))
        }
        if rounded != result { misrounded += 1 }
        if rounded == 0 && exactly != 0 && result == 0 && rounded.sign != result.sign && direction == .value {
          note(broken: .underflowsWithSign, Sample(inputs[i], exactly, result))
        }
      } else if let rule = brokenRule(exactly, rounded: Double(rounded), computed: Double(result)) {
        note(broken: rule, Sample(inputs[i], exactly, result))
      }
    }
    add(results: inputs.count, notCorrectlyRounded: misrounded)
  }

  /// Compares Doubles with exact results that consist of the nearest Double and the rest, in 254ths of the spacing
  /// there.
  mutating func add(
    inputs: [Double], exact: [Double], rests: [Int32], computed: [Double], direction: Direction = .value,
    root: Double? = nil
  ) {
    precondition(inputs.count == exact.count && inputs.count == computed.count && inputs.count == rests.count)
    let root = root ?? .nan
    var misrounded = 0
    for i in inputs.indices {
      let rounded = exact[i]
      let result = computed[i]
      let sample = Sample(input: inputs[i], exact: rounded, computed: result)
      if result.isFinite && rounded.isFinite {
        let spacing = max(abs(rounded), .leastNormalMagnitude).ulp
        let rest = spacing * (Double(rests[i]) / 254)
        let isNearRoot = abs(inputs[i] - root) < 0.25
        let unit = isNearRoot ? max(spacing, 0x1p-8.ulp) : spacing
        let error = abs((result - rounded) - rest) / unit
        if error > 0 { note(error: error, sample) }
        if rounded != result { misrounded += 1 }
        if rounded == 0 && rests[i] != 0 && result == 0 && rounded.sign != result.sign && direction == .value {
          note(broken: .underflowsWithSign, sample)
        }
      } else if let rule = brokenRule(rounded, rounded: rounded, computed: result) {
        note(broken: rule, sample)
      }
    }
    add(results: inputs.count, notCorrectlyRounded: misrounded)
  }
}

extension Sample {
  fileprivate init(_ input: Float, _ exact: Double, _ computed: Float) {
    self.init(input: Double(input), exact: exact, computed: Double(computed))
  }
}

/// Compares results at least one of which is not finite.
private func brokenRule(_ exact: Double, rounded: Double, computed: Double) -> Tally.Rule? {
  if exact.isNaN { return computed.isNaN ? nil : .keepsNaN }
  if computed.isNaN { return .makesNoNaN }
  if rounded == computed { return nil }
  return rounded.isInfinite ? .overflows : .overflowsOnlyThen
}

/// One over the spacing of Floats at a finite number.
@inline(__always)
private func reciprocalFloatSpacing(at x: Double) -> Double {
  let exponent = (x.bitPattern >> 52) & 0x7ff
  let smallest = UInt64(1023 - 126)
  return Double(bitPattern: (1023 + 23 + 1023 - max(exponent, smallest)) << 52)
}
