import Activations
import ArgumentParser
import Foundation
import Tensor

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies an activation to a .npy file.",
    discussion: """
      Files of float32 and float64 keep their type; float16 is computed in Float and written as float16 again; integers \
      become float32, but stay what they are where the results are integers: relu without a slope, relu6, hard_tanh, \
      threshold and linear with integer parameters. A gradient is converted to the input's type, Bool to float32. The output file appears when it is complete.
      """)

  @Argument(help: "Keras's identifier, for example leaky_relu.")
  var name: String

  @Argument(help: "The file to read.")
  var input: String

  @Argument(help: "The file to write.")
  var output: String

  @OptionGroup(title: "Parameters")
  var parameters: ParameterOptions

  @Option(help: "A file with the gradient by the output: the gradient by the input is written instead.")
  var gradient: String?

  func validate() throws { _ = try parameters.configurations() }

  func run() throws {
    let type = try NumPyFile.header(input).type
    switch type {
    case .float64: try applyReal(to: Tensor<Double>(contentsOf: input), as: .float64)
    case .float32, .float16, .bfloat16: try applyReal(to: Tensor<Float>(contentsOf: input), as: type)
    case .int32: try applyInteger(to: Tensor<Int32>(contentsOf: input), as: type)
    case .uint8: try applyInteger(to: Tensor<UInt8>(contentsOf: input), as: type)
    case .int64, .int8, .int16, .uint16, .uint32, .uint64:
      try applyInteger(to: Tensor<Int64>(contentsOf: input), as: type)
    case .bool: try applyReal(to: Tensor<Float>(contentsOf: input, converting: true), as: .float32)
    }
  }

  private func applyInteger<Integer: NumericScalar & FixedWidthInteger>(
    to x: Tensor<Integer>, as type: StoredType
  ) throws {
    let activation = try Activation<Float>(named: name, parameters: parameters.configurations())
    if gradient == nil, let y = activation.integers(x) {
      try y.write(to: output, as: type)
    } else {
      try applyReal(to: x.cast(to: Float.self), as: .float32)
    }
  }

  private func applyReal<Scalar: RealScalar>(to x: Tensor<Scalar>, as type: StoredType) throws {
    let activation = try Activation<Scalar>(named: name, parameters: parameters.configurations())
    warnOfSingleElements(activation.parameters["axis"], x.shape)
    guard let gradient else {
      try activation(x).write(to: output, as: type)
      return
    }
    let upstream = try Tensor<Scalar>(contentsOf: gradient, converting: true)
    let y = try activation(x)
    guard upstream.shape == y.shape else {
      throw FileError(
        file: gradient, expected: "a gradient of the shape \(y.shape), as \(name) of \(input.onOneLine) has it",
        found: upstream.shape)
    }
    try activation.pullback(upstream, input: x, output: y).write(to: output, as: type)
  }

  /// A softmax of single elements is 1 everywhere, which nobody wants.
  private func warnOfSingleElements(_ axis: Configuration?, _ shape: [Int]) {
    guard let axis = axis?.asInteger, shape.count > 1 else { return }
    let resolved = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(resolved), shape[resolved] == 1, name != "glu" else { return }
    let text = "warning: \(name) along axis \(axis) of the shape \(shape) looks at single elements\n"
    FileHandle.standardError.write(Data(text.utf8))
  }
}
