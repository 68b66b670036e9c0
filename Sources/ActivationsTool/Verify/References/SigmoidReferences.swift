import Foundation

// Everything from e^(-|x|), which does not overflow.

@inline(__always)
func logistic(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

@inline(__always)
func logisticSlope(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return e / ((1 + e) * (1 + e))
}

struct SigmoidReference: Reference {
  func value(_ x: Double) -> Double { logistic(x) }
  func slope(_ x: Double) -> Double { logisticSlope(x) }
}

struct SiLUReference: Reference {
  static let slopeRoot: Double? = -1.2784645427610738
  let kinks = [-1.2784645427610738]

  func value(_ x: Double) -> Double { x == -.infinity ? -0.0 : x * logistic(x) }
  func slope(_ x: Double) -> Double { x.isInfinite ? (x > 0 ? 1 : 0) : logistic(x) + x * logisticSlope(x) }
}

/// log(1 + e^(beta x)) / beta.
struct SoftplusReference: Reference {
  var beta = 1.0

  func value(_ x: Double) -> Double {
    let multiple = beta * x
    return ((multiple > 0 ? multiple : multiple.isNaN ? .nan : 0) + log1p(exp(-abs(multiple)))) / beta
  }
  func slope(_ x: Double) -> Double { logistic(beta * x) }
}

struct LogSigmoidReference: Reference {
  func value(_ x: Double) -> Double { -SoftplusReference().value(-x) }
  func slope(_ x: Double) -> Double { logistic(-x) }
}

/// x t with t = tanh(softplus(x)) = ((1 + e^x)² - 1) / ((1 + e^x)² + 1).
struct MishReference: Reference {
  static let slopeRoot: Double? = -1.1924312145154952
  let kinks = [-1.1924312145154952]

  func value(_ x: Double) -> Double {
    if x == -.infinity { return -0.0 }
    let e = exp(-abs(x))
    return x < 0 ? x * (e * (e + 2) / (e * (e + 2) + 2)) : x * ((1 + 2 * e) / (1 + 2 * e + 2 * e * e))
  }

  func slope(_ x: Double) -> Double {
    if x.isInfinite { return x > 0 ? 1 : 0 }
    let e = exp(-abs(x))
    if x < 0 {
      let n = e * (e + 2)
      return n / (n + 2) + x * (e / (1 + e)) * (4 * (n + 1) / ((n + 2) * (n + 2)))
    }
    let d = 1 + 2 * e + 2 * e * e
    return (1 + 2 * e) / d + x / (1 + e) * (4 * e * e * (1 + e) * (1 + e) / (d * d))
  }
}
