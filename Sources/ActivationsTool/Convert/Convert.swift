import ArgumentParser
import Foundation
import Layers
import ModelFiles
import Tensor

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes tensors or models in another format, chosen by the extension of the output.",
    discussion: """
      Tensors from any file, or from a folder of .npy files, are written to .npz, .safetensors, .npy or a folder of .npy \
      files; models from .keras and .h5 files of Keras 2 and 3 to .keras, and their weights to .weights.h5 or any of the \
      others.

        activations convert old_model.h5 model.keras
        activations convert model.keras weights.safetensors --dtype bfloat16
        activations convert weights.npz one.npy --tensor hidden1.kernel

      A model's weights are named after their layers, hidden1.kernel. With --raw, all tensors in the file are written under \
      the file's names, including those of the optimizer. NumPy's formats have no bfloat16: it is written as float32.
      """)

  @Argument(help: "The file to read, or a folder.")
  var input: String

  @Argument(help: "The file to write, or a folder.")
  var output: String

  @Option(
    name: .customLong("dtype"),
    help: "The type of the elements: floating-point types for real numbers, integer types for integers.")
  var numberType: NumberType?

  private var dtype: StoredType? { numberType?.stored }

  @Option(name: .customLong("tensor"), help: "The tensor to write; may be given several times.")
  var names: [String] = []

  @Flag(help: "Treat a model's file as a file of tensors.")
  var raw = false

  @Flag(help: "Compress the arrays of a .npz file.")
  var compressed = false

  private enum Target {
    case npy, npz, safetensors, folder, keras, weights
  }

  private func target() throws -> Target {
    let name = output.lowercased()
    if name.hasSuffix(".weights.h5") { return .weights }
    switch URL(filePath: name).pathExtension {
    case "npy": return .npy
    case "npz": return .npz
    case "safetensors": return .safetensors
    case "keras": return .keras
    case "": return .folder
    case let other:
      if isFolder(output) { return .folder }
      throw FileError(
        file: output, expected: ".npy, .npz, .safetensors, .keras, .weights.h5 or a folder",
        found: "the extension .\(other)")
    }
  }

  func validate() throws {
    if compressed && !output.lowercased().hasSuffix(".npz") {
      throw ValidationError("--compressed is for .npz files, the output is \(output)")
    }
  }

  func run() throws {
    let target = try target()
    switch target {
    case .keras, .weights: try convertModel(to: target)
    case .npy, .npz, .safetensors, .folder: try convertTensors(to: target)
    }
    print("written    \(output.onOneLine)")
  }

  private func convertModel(to target: Target) throws {
    guard names.isEmpty && !raw else {
      throw ValidationError(
        "--tensor and --raw are for files of tensors, \(output.onOneLine) contains a model's weights")
    }
    guard !isFolder(input), try openTensorFile(input).holdsModel else {
      throw FileError(
        file: input,
        expected: "a .keras file or a whole-model .h5 file, to know the layers that \(output.onOneLine) names",
        found: "tensors alone")
    }
    // Weights alone contain nothing about training.
    let compile = target == .keras
    if dtype == .float64 {
      try write(readModel(from: input, as: Double.self, compile: compile), target)
    } else {
      try write(readModel(from: input, as: Float.self, compile: compile), target)
    }
  }

  private func write<Scalar: RealScalar>(_ model: Model<Scalar>, _ target: Target) throws {
    if target == .keras {
      try model.write(to: output, as: dtype)
      Terminal.warn(ofNotes: model)
      let json = try model.configuration.json
      let missing = Self.unknownToKeras.filter { json.contains("\"\($0.name)\"") }
      if !missing.isEmpty {
        Terminal.warn(
          "Keras 3 has no \(missing.map(\.name).joined(separator: ", ")); it opens \(output.onOneLine) with custom_objects={"
            + missing.map { "\"\($0.name)\": lambda x: \($0.python)" }.joined(separator: ", ") + "}")
      }
    } else {
      try model.writeWeights(to: output, as: dtype)
    }
  }

  /// Python expressions for activations that Keras 3 has no function for.
  private static let unknownToKeras = [
    (name: "hard_sigmoid_keras2", python: "keras.ops.clip(0.2 * x + 0.5, 0, 1)"),
    (name: "rrelu", python: "keras.ops.leaky_relu(x, 11 / 48)"), (name: "softmin", python: "keras.ops.softmax(-x)"),
    (name: "hardmax", python: "keras.ops.one_hot(keras.ops.argmax(x, axis=-1), x.shape[-1])"),
  ]

  private func convertTensors(to target: Target) throws {
    let found = try TensorSource(input, isRaw: raw).tensors(names)
    if let dtype, !found.isEmpty, !found.contains(where: { $0.takes(dtype) }) {
      throw FileError(
        file: input,
        expected: "a tensor that converts to \(dtype.name): real numbers to real types, integers to integer types",
        found: "none")
    }
    let tensors = found.map { $0.converted(to: dtype) }
    switch target {
    case .npz: try NPZFile.write(tensors.map(\.forNumPy), to: output, compressed: compressed)
    case .safetensors: try SafetensorsFile.write(tensors, to: output)
    case .npy:
      guard tensors.count == 1 else {
        throw FileError(
          file: input, expected: "one tensor for a .npy file, chosen with --tensor",
          found: "\(tensors.count): \(tensors.map(\.name).joined(separator: ", "))")
      }
      try tensors[0].forNumPy.write(to: output)
    default:
      try makeFolder(output)
      for (name, tensor) in zip(try fileNames(tensors.map(\.name)), tensors) {
        try tensor.forNumPy.write(to: "\(output)/\(name).npy")
      }
    }
  }

  /// The names of files for tensors in one folder.
  private func fileNames(_ names: [String]) throws -> [String] {
    var taken: Set<ExactName> = []
    return try names.map { name in
      let file = name.parts(between: "/", omittingEmpty: false).joined(separator: ".").onOneLine
      guard !file.isEmpty, !file.hasPrefix("."), taken.insert(ExactName(file)).inserted else {
        throw FileError(
          file: input, expected: "names of tensors that are names of different files in a folder",
          found: "\"\(name.onOneLine)\"")
      }
      return file
    }
  }
}

extension NamedTensor {
  /// Converted to another type of the same kind.
  fileprivate func converted(to type: StoredType?) -> NamedTensor {
    guard let type, takes(type) else { return self }
    return NamedTensor(name, StoredTensor(value.tensor, as: type))
  }

  fileprivate func takes(_ type: StoredType) -> Bool {
    type.kind == value.type.kind
  }

  /// NumPy has no bfloat16; float32 represents its values.
  fileprivate var forNumPy: NamedTensor {
    guard value.type == .bfloat16 else { return self }
    switch value.tensor {
    case .float(let x): return NamedTensor(name, x.rounded(to: .bfloat16).stored(as: .float32))
    case .double(let x): return NamedTensor(name, x.rounded(to: .bfloat16).stored(as: .float32))
    default: return self
    }
  }

  fileprivate func write(to path: String) throws {
    func write(_ elements: some TypedTensor) throws { try elements.tensor.write(to: path, as: value.type) }
    try write(value.tensor.opened)
  }
}
