import Foundation

struct HyperbolicTangentReference: Reference {
  func value(_ x: Double) -> Double { tanh(x) }
  func slope(_ x: Double) -> Double { 4 * logisticSlope(2 * x) }
}

/// x - tanh(x): near zero by the Taylor series, where the difference would cancel.
struct TanhShrinkReference: Reference {
  func value(_ x: Double) -> Double {
    if abs(x) >= 0.5 { return x.isInfinite ? x : x - tanh(x) }
    let square = x * x
    var sum = 0.0
    // Half of all Floats are so small that few terms are left.
    let first = abs(x) < 0x1p-6 ? Self.coefficients.count - 6 : 0
    for i in first..<Self.coefficients.count { sum = sum * square + Self.coefficients[i] }
    return x * square * sum
  }

  func slope(_ x: Double) -> Double {
    let t = tanh(x)
    return t * t
  }

  /// Those of x³, x⁵, …, the last first, from tanh′ = 1 - tanh².
  private static let coefficients: [Double] = {
    var tangent = [1.0]  // those of x, x³, …
    for n in 1..<26 {
      var convolution = 0.0
      for k in 0..<n { convolution += tangent[k] * tangent[n - 1 - k] }
      tangent.append(-convolution / Double(2 * n + 1))
    }
    return tangent.dropFirst().map { -$0 }.reversed()
  }()
}
