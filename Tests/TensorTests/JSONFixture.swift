import Foundation
import Tensor
import Testing

/// What a script of Fixtures/ has written.
func jsonFixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"), "no fixture \(name).json")
  let decoder = JSONDecoder()
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return try decoder.decode(type, from: Data(contentsOf: url))
}

/// A tensor as the scripts write it.
struct TensorFixture: Decodable {
  let shape: [Int]
  let scalars: [Double]

  /// Whether a tensor has this shape and these elements, up to an error; NaN equals NaN.
  func matches<Scalar: NumericScalar & Comparable>(_ x: Tensor<Scalar>, relative: Double = 0, absolute: Double = 0)
    -> Bool
  {
    guard x.shape == shape else { return false }
    for (found, expected) in zip(x.cast(to: Double.self).scalars, scalars) {
      if found == expected || (found.isNaN && expected.isNaN) { continue }
      guard abs(found - expected) <= max(relative * abs(expected), absolute) else { return false }
    }
    return true
  }
}
