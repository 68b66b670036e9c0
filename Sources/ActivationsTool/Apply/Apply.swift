import Activations
import ArgumentParser
import Tensor

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies an activation to a .npy file.",
    discussion: """
      - stands for standard input or output, so that arrays can go through pipes:

        activations apply elu --alpha 0.3 in.npy out.npy
        activations apply softmax --axis 1 - - < logits.npy > probabilities.npy
        activations apply gelu in.npy gradient.npy --gradient upstream.npy

      Results have the input's type: float16 is computed in Float, integers become float32, but stay integers if the \
      results are integers, such as those of relu6 or of relu without a slope. With --dtype float64, everything is \
      computed in Double; with bfloat16, which NumPy's files do not have, results are rounded to it and written as \
      float32. A gradient is converted to the input's type, Bool to float32. The output file appears when it is complete.
      """)

  @Argument(help: "Keras's identifier, for example leaky_relu; list shows all of them.")
  var name: String

  @Argument(help: "The file to read, or -.")
  var input: String

  @Argument(help: "The file to write, or -.")
  var output: String

  @OptionGroup(title: "Parameters")
  var parameters: ParameterOptions

  @Option(
    help: ArgumentHelp(
      "The file of a gradient with respect to the output: writes the gradient with respect to the input.",
      valueName: "upstream"))
  var gradient: String?

  @Option(name: .customLong("dtype"), help: "The type of the results in the file.")
  var numberType: NumberType?

  private var dtype: StoredType? { numberType?.stored }

  func validate() throws {
    _ = try parameters.configurations()
    try requireArrayName(output, "the output")
    if input == "-" && gradient == "-" {
      throw ValidationError("standard input contains one array: the input and --gradient cannot both be -")
    }
  }

  func run() throws {
    let x = try ArrayInput(input)
    let type = x.header.type
    switch type {
    case .float64: try applyReal(to: x.tensor() as Tensor<Double>, as: .float64)
    case .float32, .float16, .bfloat16:
      if dtype == .float64 {
        try applyReal(to: x.tensor(converting: true) as Tensor<Double>, as: .float64)
      } else {
        try applyReal(to: x.tensor() as Tensor<Float>, as: type)
      }
    case .int32: try applyInteger(to: x.tensor() as Tensor<Int32>, as: type)
    case .uint8: try applyInteger(to: x.tensor() as Tensor<UInt8>, as: type)
    case .int64, .int8, .int16, .uint16, .uint32:
      try applyInteger(to: x.tensor() as Tensor<Int64>, as: type)
    case .uint64:
      // Tensors of integers end below 2^63, reals do not.
      if let x: Tensor<Int64> = try x.tensorIfExact() {
        try applyInteger(to: x, as: type)
      } else if dtype == .float64 {
        try applyReal(to: x.tensor(converting: true) as Tensor<Double>, as: .float64)
      } else {
        try applyReal(to: x.tensor(converting: true) as Tensor<Float>, as: .float32)
      }
    case .bool: try applyConverted(x.tensor() as Tensor<Bool>)
    }
  }

  private func applyInteger<Integer: NumericScalar & FixedWidthInteger>(
    to x: Tensor<Integer>, as type: StoredType
  ) throws {
    let activation: Activation<Float> = try activation()
    if gradient == nil, (dtype?.kind ?? .integer) == .integer, let y = activation.integers(x) {
      try write(y, as: type)
    } else {
      try applyConverted(x)
    }
  }

  private func applyConverted<Scalar>(_ x: Tensor<Scalar>) throws {
    if dtype == .float64 {
      try applyReal(to: x.cast(to: Double.self), as: .float64)
    } else {
      try applyReal(to: x.cast(to: Float.self), as: .float32)
    }
  }

  private func applyReal<Scalar: RealScalar>(to x: Tensor<Scalar>, as type: StoredType) throws {
    if let dtype, !dtype.isReal {
      throw ValidationError(
        "--dtype is \(dtype.name), and the results of \(name) are reals here; allowed: "
          + StoredType.allCases.filter(\.isReal).map(\.name).joined(separator: ", "))
    }
    let activation: Activation<Scalar> = try activation()
    let y = try activation(x)
    warnOfSingleElements(activation.parameters["axis"], x.shape)
    guard let gradient else { return try writeReals(y, as: type) }
    let upstream: Tensor<Scalar> = try ArrayInput(gradient).tensor(converting: true)
    guard upstream.shape == y.shape else {
      throw FileError(
        file: gradient, expected: "a gradient of the shape \(y.shape), as \(name) of \(input.onOneLine) has it",
        found: upstream.shape)
    }
    try writeReals(activation.pullback(upstream, input: x, output: y), as: type)
  }

  private func activation<Scalar: RealScalar>() throws -> Activation<Scalar> {
    try explainingLayers { try Activation(named: name, parameters: parameters.configurations()) }
  }

  private func writeReals<Scalar: RealScalar>(_ result: Tensor<Scalar>, as type: StoredType) throws {
    let type = dtype ?? type
    try ArrayOutput.write(type == .bfloat16 ? result.rounded(to: type) : result, to: output, as: type.forNumPy)
  }

  private func write<Scalar>(_ result: Tensor<Scalar>, as type: StoredType) throws {
    try ArrayOutput.write(result, to: output, as: dtype ?? type)
  }

  /// Warns of a softmax of single elements, which is 1 everywhere.
  private func warnOfSingleElements(_ axis: Configuration?, _ shape: [Int]) {
    guard let axis = axis?.asInteger, shape.count > 1 else { return }
    let resolved = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(resolved), shape[resolved] == 1 else { return }
    Terminal.warn("\(name) along axis \(axis) of the shape \(shape) is applied to single elements")
  }
}
