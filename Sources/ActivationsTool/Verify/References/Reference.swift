/// An activation in Double, by other means than the kernels': the C library's functions and forms that do not cancel. At
/// every Float its relative error stays below 2⁻⁴⁰, a few millionths of a Float's ulp.
///
/// Exact zeros carry the sign that the documentation gives them; infinities give the limit, NaN gives NaN.
protocol Reference: Sendable {
  func value(_ x: Double) -> Double
  func slope(_ x: Double) -> Double
  /// Where the slope crosses zero: there its error is measured against the slopes nearby.
  static var slopeRoot: Double? { get }
  /// Where pieces meet, for inputs worth a look.
  var kinks: [Double] { get }

  func values(_ inputs: [Float], into results: inout [Double])
  func slopes(_ inputs: [Float], into results: inout [Double])
}

// Compiled once for each reference, so that nothing is dispatched for each element.
extension Reference {
  static var slopeRoot: Double? { nil }
  var kinks: [Double] { [] }

  func values(_ inputs: [Float], into results: inout [Double]) {
    for i in inputs.indices { results[i] = value(Double(inputs[i])) }
  }

  func slopes(_ inputs: [Float], into results: inout [Double]) {
    for i in inputs.indices { results[i] = slope(Double(inputs[i])) }
  }
}

/// A slope that is the same on both sides but for NaN.
@inline(__always)
func orNaN(_ x: Double, _ slope: Double) -> Double { x.isNaN ? x : slope }
