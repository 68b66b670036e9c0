import Foundation

/// x Φ(x), with the distribution's complement where Φ cancels.
struct GELUReference: Reference {
  static let slopeRoot: Double? = -0.7517915246935645
  let kinks = [-0.7517915246935645]

  func value(_ x: Double) -> Double { x == -.infinity ? -0.0 : x * distribution(x) }

  func slope(_ x: Double) -> Double {
    if x.isInfinite { return x > 0 ? 1 : 0 }
    // The square of a Float is exact in Double.
    return distribution(x) + x * (0.3989422804014327 * exp(-x * x / 2))
  }

  @inline(__always)
  private func distribution(_ x: Double) -> Double { erfc(-x * 0.7071067811865476) / 2 }
}

/// x σ(2u) with u = √(2/π) (x + 0.044715 x³): gelu with `approximate`.
struct TanhGELUReference: Reference {
  static let slopeRoot: Double? = -0.7524614220710162
  let kinks = [-0.7524614220710162]

  func value(_ x: Double) -> Double { x == -.infinity ? -0.0 : x * logistic(twice(x)) }

  func slope(_ x: Double) -> Double {
    if x.isInfinite { return x > 0 ? 1 : 0 }
    let u = twice(x)
    return logistic(u) + x * logisticSlope(u) * (1.5957691216057308 * (1 + 0.134145 * x * x))
  }

  @inline(__always)
  private func twice(_ x: Double) -> Double { 1.5957691216057308 * (x + 0.044715 * x * x * x) }
}
