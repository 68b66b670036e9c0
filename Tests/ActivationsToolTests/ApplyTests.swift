import Activations
import ArgumentParser
import Foundation
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct ApplyTests {
  private let input = temporaryFile("x.npy")
  private let output = temporaryFile("y.npy")
  private let upstream = temporaryFile("upstream.npy")
  private let x = Tensor<Float>([[-3, -0.25, 0.5], [1, 4, -.infinity]])

  private func apply(_ name: String, _ options: String...) throws {
    try Apply.parse([name, input, output] + options).run()
  }

  @Test func `Float and Double keep their type`() throws {
    try x.write(to: input)
    try apply("elu", "--alpha", "0.3")
    #expect(try Tensor<Float>(contentsOf: output) == elu(x, alpha: 0.3))
    try x.cast(to: Double.self).write(to: input)
    try apply("hard_tanh", "--min-value", "-0.5", "--max-value", "2")
    #expect(try Tensor<Double>(contentsOf: output) == [[-0.5, -0.25, 0.5], [1, 2, -0.5]])
  }

  @Test func `every parameter of an activation is an option`() throws {
    for definition in BuiltIn.definitions {
      for parameter in definition.parameters {
        let option = "--" + parameter.name.replacing("_", with: "-")
        let value = if case .flag = parameter.range { [String]() } else { ["1"] }
        let command = try Apply.parse([definition.name, input, output, option] + value)
        #expect(try command.parameters.configurations().keys.map { $0 } == [parameter.name])
      }
    }
  }

  @Test func `half precision is computed in Float and rounded once`() throws {
    try x.write(to: input, as: .float16)
    try apply("gelu", "--approximate")
    #expect(try NumPyFile.header(output).type == .float16)
    let expected = temporaryFile("expected.npy")
    try gelu(x, approximate: true).write(to: expected, as: .float16)
    #expect(FileManager.default.contents(atPath: output) == FileManager.default.contents(atPath: expected))
  }

  @Test(arguments: [StoredType.int8, .int16, .uint16, .int32, .int64, .uint32, .uint64, .uint8])
  func `integers stay integers where results are such`(type: StoredType) throws {
    let integers = Tensor<Int64>([0, 3, 9])
    switch type {
    case .int32: try integers.cast(to: Int32.self).write(to: input)
    case .uint8: try integers.cast(to: UInt8.self).write(to: input)
    default: try integers.write(to: input, as: type)
    }
    try apply("relu6")
    #expect(try NumPyFile.header(output).type == type)
    #expect(try Tensor<Int64>(contentsOf: output, converting: true) == [0, 3, 6])
    try apply("relu", "--max-value", "5.5")
    #expect(try NumPyFile.header(output).type == .float32)
    #expect(try Tensor<Float>(contentsOf: output) == [0, 3, 5.5])
    try apply("sigmoid")
    #expect(try Tensor<Float>(contentsOf: output) == sigmoid(Tensor<Float>([0, 3, 9])))
  }

  @Test func `axes are integers, negative ones, several or all`() throws {
    try x[0..<1].write(to: input)
    for axes in [
      ["--axis", "-1"], ["--axis", "1"], ["--axis", "0,-1"], ["--axis", "0", "--axis", "1"], ["--axis", "all"],
    ] {
      try Apply.parse(["softmax", input, output] + axes).run()
      #expect(try Tensor<Float>(contentsOf: output) == softmax(x[0..<1]), "\(axes)")
    }
  }

  @Test func `the gradient with respect to the output becomes that with respect to the input`() throws {
    try x.write(to: input)
    try Tensor<Double>([[1, 2, 3], [4, 5, 6]]).write(to: upstream)
    try apply("relu", "--negative-slope", "0.5", "--gradient", upstream)
    #expect(try Tensor<Float>(contentsOf: output) == [[0.5, 1, 3], [4, 5, 3]])
    try Tensor<Int32>([[1], [2]]).write(to: input)
    try Tensor<Float>([[1], [3]]).write(to: upstream)
    try apply("softmax", "--axis", "0", "--gradient", upstream)
    let y = try softmax(Tensor<Float>([[1], [2]]), axis: 0)
    let expected = try Activation<Float>.softmax(axis: 0)
      .pullback(Tensor<Float>([[1], [3]]), input: Tensor<Float>([[1], [2]]), output: y)
    #expect(try Tensor<Float>(contentsOf: output) == expected)
  }

  @Test(arguments: [
    (["gellu"], "gelu"),
    (["gelu", "--alpha", "2"], "gelu has no parameter alpha; it has approximate"),
    (["relu6", "--beta", "2"], "relu6 has no parameter beta; it has none"),
    (["relu", "--alpha", "2", "--negative-slope", "1"], "the same parameter"),
    (["relu", "--max-value", "-1"], "relu: max_value is -1"),
    (["threshold", "--threshold", "1"], "is missing"),
    (["softmax", "--axis", "2"], "softmax along axis 2 of the shape [2, 3]; allowed: -2 to 1"),
    (["glu"], "must be even"),
  ])
  func `mistakes are named and leave no file`(arguments: [String], text: String) throws {
    try x.write(to: input)
    try Data("before".utf8).write(to: URL(filePath: output))
    let error = #expect(throws: ActivationError.self) {
      try Apply.parse([arguments[0], input, output] + arguments.dropFirst()).run()
    }
    #expect("\(error!)".contains(text), "\(error!)")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "before")
    let folder = URL(filePath: output).deletingLastPathComponent().path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["y.npy"])
  }

  @Test func `a gradient of another shape is refused with both shapes`() throws {
    try x.write(to: input)
    try Tensor<Float>.ones([3]).write(to: upstream)
    let error = #expect(throws: FileError.self) { try apply("relu", "--gradient", upstream) }
    #expect(
      "\(error!)"
        == "\(upstream): expected a gradient of the shape [2, 3], as relu of \(input) has it, found the shape [3]")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func `unsigned integers beyond those of tensors are reals`() throws {
    var bytes = Tensor<Int64>([-1, 5]).npyBytes
    bytes.replaceSubrange(try #require(bytes.firstRange(of: Array("<i8".utf8))), with: Array("<u8".utf8))
    try Data(bytes).write(to: URL(filePath: input))
    try Apply.parse(["relu", input, output]).run()
    #expect(try Tensor<Float>(contentsOf: output) == [0x1p64, 5])
    let info = try FileInfo(input, readsElements: true)
    #expect(info.tensors[0].statistics?.maximum == 0x1p64)
    let error = #expect(throws: FileError.self) { try Convert.parse([input, temporaryFile("x.npz")]).run() }
    #expect("\(error!)".contains("integers below 2^63"))
  }

  @Test func `integers that a file's type does not hold are refused`() throws {
    try Tensor<Int64>([1, 100]).write(to: input, as: .int8)
    let error = #expect(throws: NumPyFileError.self) { try apply("threshold", "--threshold", "5", "--value", "300") }
    #expect("\(error!)".contains("found 300"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func `files that are missing or damaged are refused`() throws {
    #expect(throws: NumPyFileError.self) { try apply("relu") }
    try Data("no array".utf8).write(to: URL(filePath: input))
    #expect(throws: NumPyFileError.self) { try apply("relu") }
    try x.write(to: input)
    #expect(throws: NumPyFileError.self) { try apply("relu", "--gradient", upstream) }
    #expect(throws: NumPyFileError.self) { try Apply.parse(["relu", input, "/no/such/folder/y.npy"]).run() }
    #expect(throws: (any Error).self) { try Apply.parse(["softmax", input, output, "--axis", "one"]) }
  }

  @Test func `arrays go through pipes`() throws {
    let run = try runTool(["apply", "elu", "--alpha", "0.3", "-", "-"], input: Data(x.npyBytes))
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(try Tensor<Float>(npyBytes: [UInt8](run.output)) == elu(x, alpha: 0.3))
    try Tensor<Float>.ones([2, 3]).write(to: upstream)
    let gradient = try runTool(["apply", "relu6", "-", "-", "--gradient", upstream], input: Data(x.npyBytes))
    #expect(try Tensor<Float>(npyBytes: [UInt8](gradient.output)) == [[0, 0, 1], [1, 1, 0]])
    let damaged = try runTool(["apply", "elu", "-", "-"], input: Data(x.npyBytes.dropLast()))
    #expect(damaged.status == 1 && damaged.output.isEmpty)
    #expect(damaged.errors.hasPrefix("Error: standard input, byte "))
  }

  @Test func `results have the type that is asked for`() throws {
    func type(_ arguments: [String]) throws -> StoredType {
      try Apply.parse([arguments[0], input, output] + arguments.dropFirst()).run()
      return try NumPyFile.header(output).type
    }
    try x.write(to: input)
    #expect(try type(["tanh", "--dtype", "float16"]) == .float16)
    #expect(try type(["tanh", "--dtype", "float64"]) == .float64)
    let exact = tanh(x.cast(to: Double.self))
    #expect(try Tensor<Double>(contentsOf: output) == exact)
    try Tensor<Int32>([1, 300]).write(to: input)
    #expect(try type(["relu6", "--dtype", "uint8"]) == .uint8)
    #expect(try type(["relu6", "--dtype", "float64"]) == .float64)
    #expect(throws: NumPyFileError.self) { try type(["linear", "--dtype", "uint8"]) }
    #expect(try type(["linear", "--dtype", "bfloat16"]) == .float32)
    let error = #expect(throws: (any Error).self) { try type(["sigmoid", "--dtype", "int8"]) }
    #expect(
      Apply.message(for: error!)
        == "--dtype is int8, and the results of sigmoid are reals here; allowed: float16, bfloat16, float32, float64"
    )
    #expect(throws: (any Error).self) { try Apply.parse(["relu", input, output, "--dtype", "bool"]) }
    #expect(throws: (any Error).self) { try Apply.parse(["relu", input, output, "--dtype", "float8"]) }
    #expect(throws: (any Error).self) { try Apply.parse(["relu", "-", output, "--gradient", "-"]) }
  }
}
