struct SoftsignReference: Reference {
  func value(_ x: Double) -> Double { x.isInfinite ? (x > 0 ? 1 : -1) : x / (1 + abs(x)) }
  func slope(_ x: Double) -> Double {
    let q = 1 / (1 + abs(x))
    return q * q
  }
}

/// Squares of Floats neither overflow nor underflow in Double.
struct SquareplusReference: Reference {
  let b: Double

  func value(_ x: Double) -> Double {
    let root = (x * x + b).squareRoot()
    return x < 0 ? b / (2 * (root - x)) : (x + root) / 2
  }

  func slope(_ x: Double) -> Double {
    if x.isInfinite { return x > 0 ? 1 : 0 }
    let root = (x * x + b).squareRoot()
    return x < 0 ? b / (2 * root * (root - x)) : (1 + x / root) / 2
  }
}
