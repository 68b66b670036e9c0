import Foundation

struct ExponentialReference: Reference {
  func value(_ x: Double) -> Double { exp(x) }
  func slope(_ x: Double) -> Double { exp(x) }
}

/// scale · x above zero, depth · (e^(x / width) - 1) below: elu, selu and celu.
struct ExponentialUnitReference: Reference {
  var scale = 1.0
  let depth: Double
  var width = 1.0
  let slopeAtZero: Double
  let kinks = [0.0]

  static func elu(alpha: Double) -> Self { Self(depth: alpha, slopeAtZero: alpha) }
  static func celu(alpha: Double) -> Self { Self(depth: alpha, width: alpha, slopeAtZero: 1) }
  static var selu: Self {
    Self(scale: 1.0507009873554805, depth: 1.7580993408473766, slopeAtZero: 1.7580993408473766)
  }
  /// The product of two Floats is exact in Double.
  static func selu(alpha: Double, scale: Double) -> Self {
    Self(scale: scale, depth: scale * alpha, slopeAtZero: scale * alpha)
  }

  func value(_ x: Double) -> Double { x > 0 ? scale * x : depth * expm1(x / width) }
  func slope(_ x: Double) -> Double { x > 0 ? scale : slopeAtZero * exp(x / width) }
}
