import Foundation
import Tensor
import Testing

/// What a script of Fixtures/ has written.
func jsonFixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"), "no fixture \(name).json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// A tensor as the scripts write it.
struct TensorFixture: Decodable, Sendable {
  let shape: [Int]
  let scalars: [Double]

  var tensor: Tensor<Double> { Tensor(shape: shape, scalars: scalars) }
}

extension Tensor where Scalar == Double {
  /// The largest difference from another tensor, in parts of that tensor's largest element; infinite for another shape.
  func distance(from other: Tensor) -> Double {
    guard shape == other.shape else { return .infinity }
    if isEmpty { return 0 }
    let size = other.absolute().max().scalar
    return (self - other).absolute().max().scalar / (size == 0 ? 1 : size)
  }
}
