import Foundation
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct ConvertTests {
  private let model = digitsFolder + "/digits_snn.keras"
  private let archive = temporaryFile("a.npz")
  private let kernel = Tensor<Float>([[1, -0.5], [0.1, 3]])
  private let labels = Tensor<Int64>([7, 300])

  init() throws {
    try NPZFile.write(["hidden/kernel": kernel, "labels": labels], to: archive)
  }

  private func convert(_ input: String, _ output: String, _ options: String...) throws {
    try Convert.parse([input, output] + options).run()
  }

  @Test func `tensors go from format to format, bit for bit`() throws {
    let safetensors = temporaryFile("a.safetensors")
    let folder = temporaryFile("folder")
    let back = temporaryFile("back.npz")
    try convert(archive, safetensors)
    try convert(safetensors, folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["hidden.kernel.npy", "labels.npy"])
    try convert(folder, back, "--compressed")
    let file = try NPZFile(back)
    #expect(try file.tensor("hidden.kernel") as Tensor<Float> == kernel)
    #expect(try file.tensor("labels") as Tensor<Int64> == labels)
  }

  @Test func `a type is for tensors of its kind`() throws {
    let output = temporaryFile("b.safetensors")
    try convert(archive, output, "--dtype", "bfloat16")
    #expect(try openTensorFile(output).tensors.compactMap(\.type).map(\.name).sorted() == ["bfloat16", "int64"])
    let archive = temporaryFile("c.npz")
    try convert(output, archive)
    #expect(try openTensorFile(archive).tensors.compactMap(\.type).map(\.name).sorted() == ["float32", "int64"])
    try convert(self.archive, output, "--dtype", "uint16")
    #expect(try openTensorFile(output).tensors.compactMap(\.type).map(\.name).sorted() == ["float32", "uint16"])
    #expect(throws: (any Error).self) { try convert(self.archive, output, "--dtype", "int8") }
  }

  @Test func `one tensor goes to .npy`() throws {
    let output = temporaryFile("a.npy")
    try convert(archive, output, "--tensor", "hidden/kernel", "--dtype", "float64")
    #expect(try Tensor<Double>(contentsOf: output) == kernel.cast(to: Double.self))
    let error = #expect(throws: FileError.self) { try convert(archive, output) }
    #expect("\(error!)".hasSuffix("found 2: hidden/kernel, labels"))
    #expect(throws: FileError.self) { try convert(archive, output, "--tensor", "bias") }
  }

  @Test func `a model's weights have the names of its layers`() throws {
    let output = temporaryFile("w.safetensors")
    try convert(model, output)
    let file = try openTensorFile(output)
    let network = try readModel(from: model, as: Float.self)
    #expect(Set(file.tensors.map(\.name)) == Set(network.namedWeights.map(\.name)))
    let kernel: Tensor<Float> = try file.tensor("hidden1.kernel")
    #expect(kernel == network.namedWeights[0].value)
    try convert(model, output, "--raw")
    #expect(try openTensorFile(output).tensors.map(\.name).contains { $0.hasSuffix("layers/dense/vars/0") })
    let half = temporaryFile("w.npz")
    try convert(model, half, "--dtype", "float16")
    #expect(try openTensorFile(half).tensors.allSatisfy { $0.type == .float16 })
  }

  @Test func `a model goes to a model and to its weights`() throws {
    let copy = temporaryFile("copy.keras")
    let weights = temporaryFile("copy.weights.h5")
    try convert(model, copy)
    try convert(copy, weights)
    let x = try Tensor<Float>(contentsOf: digitsFolder + "/x_test.npy")
    let first = try Sequential<Float>(contentsOf: model)
    var second = try Sequential<Float>(contentsOf: copy)
    #expect(try second(x) == first(x))
    try second.readWeights(from: weights)
    #expect(try second(x) == first(x))
  }

  @Test func `what cannot be is told`() throws {
    for (input, output) in [
      (archive, "a.keras"), (archive, "a.weights.h5"), (archive, "a.h5"), (archive, "a.txt"), ("no file", "a.npz"),
      (URL(filePath: temporaryFile("nothing")).deletingLastPathComponent().path, "a.npz"),
    ] {
      let output = temporaryFile(output)
      #expect(throws: (any Error).self) { try convert(input, output) }
      #expect(!FileManager.default.fileExists(atPath: output))
    }
    #expect(throws: (any Error).self) { try convert(model, temporaryFile("a.keras"), "--raw") }
  }
}
