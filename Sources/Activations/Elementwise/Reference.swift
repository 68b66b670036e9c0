internal import Glibc

/// An activation in Double, by other means than the kernels': the C library's functions, and forms in which nothing cancels. For
/// every Float its relative error stays below 2⁻⁴⁰, a few millionths of a Float's ulp. `activations verify` compares with it.
///
/// Exact zeros have the sign that the documentation gives them; infinities give the limit, with every parameter that is allowed;
/// NaN gives NaN.
package struct Reference: Sendable {
  package let value: @Sendable (Double) -> Double
  package let slope: @Sendable (Double) -> Double
  /// Where the slope crosses zero: there its error is measured against the slopes nearby.
  package let slopeRoot: Double?
  /// Where pieces meet, for inputs worth a look.
  package let kinks: [Double]

  init(
    slopeRoot: Double? = nil, kinks: [Double] = [], value: @escaping @Sendable (Double) -> Double,
    slope: @escaping @Sendable (Double) -> Double
  ) {
    self.value = value
    self.slope = slope
    self.slopeRoot = slopeRoot
    self.kinks = kinks + (slopeRoot.map { [$0] } ?? [])
  }

  /// x times a gate that rises from 0 to 1.
  static func gated(
    slopeRoot: Double, by gate: @escaping @Sendable (Double) -> Double, slope: @escaping @Sendable (Double) -> Double
  ) -> Reference {
    Reference(slopeRoot: slopeRoot) { x in
      x == -.infinity ? -0.0 : x * gate(x)
    } slope: { x in
      x.isInfinite ? (x > 0 ? 1 : 0) : slope(x)
    }
  }
}

// What several references are made of. Exponentials are taken of -|x|, which do not overflow.

func logistic(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return x < 0 ? e / (1 + e) : 1 / (1 + e)
}

func logisticSlope(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return e / ((1 + e) * (1 + e))
}

/// log(1 + eˣ)
func logOfOnePlusExponential(_ x: Double) -> Double { (x > 0 ? x : x.isNaN ? .nan : 0) + log1p(exp(-abs(x))) }

/// A slope that is the same on both sides, but NaN for NaN.
func orNaN(_ x: Double, _ slope: Double) -> Double { x.isNaN ? x : slope }

/// The identity between two values, constant outside.
func limitedReference(_ smallest: Double, _ largest: Double, slopeAtEnds: Double) -> Reference {
  Reference(kinks: [smallest, largest]) { x in
    let raised = x < smallest ? smallest : x
    return raised > largest ? largest : raised
  } slope: { x in
    orNaN(x, x > smallest && x < largest ? 1 : x >= smallest && x <= largest ? slopeAtEnds : 0)
  }
}
