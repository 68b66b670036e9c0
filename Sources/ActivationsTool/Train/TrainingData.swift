import KerasFormat
import Layers
import ModelFiles
import Tensor

/// Samples and targets from two files.
struct TrainingData<Scalar: RealScalar> {
  let inputs: [Tensor<Scalar>]
  let target: any TargetTensor

  /// - Parameter x: a .npy file, or, for several inputs, a .npz file with their arrays.
  /// - Parameter y: a .npy file; integers are classes.
  /// - Parameter names: the names of the model's inputs.
  init(x: String, y: String, inputs names: [String]) throws {
    if ModelArrays.isOne(x) {
      let arrays = try ModelArrays(x, inputs: names)
      inputs = try arrays.names.map { try finite(arrays.file.tensor($0, converting: true), "\(x), \($0)") }
    } else {
      guard names.count == 1 else {
        throw FileError(
          file: x, expected: "a .npz file with an array for each of the inputs \(names.joined(separator: ", "))",
          found: "one of another format")
      }
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
