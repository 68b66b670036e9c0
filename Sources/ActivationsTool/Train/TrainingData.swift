import Layers
import ModelFiles
import Tensor

/// Samples and what is to be predicted for them, of two files.
struct TrainingData<Scalar: RealScalar> {
  let inputs: [Tensor<Scalar>]
  let target: any TargetTensor

  /// - Parameter x: a .npy file, or for several inputs a .npz file with their arrays in order.
  /// - Parameter y: a .npy file; integers are classes.
  init(x: String, y: String) throws {
    if FileFormat(extensionOf: x) == .npz {
      let file = try NPZFile(x)
      inputs = try file.tensors.map { description in
        try finite(file.tensor(description.name, converting: true), "\(x), \(description.name)")
      }
    } else {
      inputs = [try finite(ArrayInput(x).tensor(converting: true), x)]
    }
    let labels = try ArrayInput(y)
    switch labels.header.type {
    case .float16, .bfloat16, .float32, .float64:
      target = try finite(labels.tensor(converting: true) as Tensor<Scalar>, y)
    default: target = try labels.tensor(converting: true) as Tensor<Int64>
    }
  }
}

/// The tensor, if it has neither NaN nor infinities.
func finite<Scalar: RealScalar>(_ x: Tensor<Scalar>, _ file: String) throws -> Tensor<Scalar> {
  if x.isFinite.all().scalar { return x }
  let scalars = x.scalars
  let position = scalars.firstIndex { !$0.isFinite }!
  throw FileError(
    file: file, expected: "finite numbers",
    found: "\(scalars[position]) at position \(position) of the shape \(x.shape)")
}
