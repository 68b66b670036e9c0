import Foundation
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct PredictTests {
  private let model = digitsFolder + "/digits_snn.keras"
  private let images = digitsFolder + "/x_test.npy"
  private let output = temporaryFile("y.npy")

  /// As a process of its own: the number of threads is the whole process's.
  private func predict(_ arguments: [String]) throws {
    let run = try runTool(["predict"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
  }

  /// What is told of a mistake.
  private func mistake(_ arguments: [String]) throws -> String {
    let run = try runTool(["predict"] + arguments)
    #expect(run.status != 0)
    return run.errors
  }

  private func expected() throws -> Tensor<Float> {
    try Tensor(contentsOf: digitsFolder + "/keras_probabilities.npy")
  }

  @Test(arguments: [1, 7, 256, 1000]) func `outputs are Keras's, whatever the batches`(batchSize: Int) throws {
    try predict([model, images, "-o", output, "--batch-size", "\(batchSize)"])
    let y = try Tensor<Float>(contentsOf: output)
    #expect((y - (try expected())).absolute().max().scalar <= 1e-6)
    let other = temporaryFile("other.npy")
    try predict([model, images, "-o", other])
    #expect((try Tensor<Float>(contentsOf: other) - y).absolute().max().scalar <= 2e-7)
  }

  @Test func `files of other types and orders are converted`() throws {
    let x = try Tensor<Float>(contentsOf: images)
    let path = temporaryFile("x.npy")
    try predict([model, images, "-o", output])
    let y = try Tensor<Float>(contentsOf: output)
    try x.cast(to: Double.self).write(to: path)
    try predict([model, path, "-o", output])
    #expect(try Tensor<Float>(contentsOf: output) == y)
    try x.write(to: path, fortranOrder: true)
    try predict([model, path, "-o", output])
    #expect(try Tensor<Float>(contentsOf: output) == y)
    try (x * 16).cast(to: UInt8.self).write(to: path)
    try predict([model, path, "-o", output, "--batch-size", "100"])
    #expect(try Tensor<Float>(contentsOf: output).shape == [450, 10])
    try predict([model, images, "-o", output, "--dtype", "float64"])
    #expect((try Tensor<Double>(contentsOf: output) - y.cast(to: Double.self)).absolute().max().scalar <= 1e-6)
  }

  @Test func `arrays go through pipes, and none has no samples`() throws {
    let x = try Tensor<Float>(contentsOf: images)
    let run = try runTool(["predict", model, "-", "-o", "-"], input: Data(x.npyBytes))
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(try Tensor<Float>(npyBytes: [UInt8](run.output)).shape == [450, 10])
    let none = try runTool(["predict", model, "-", "-o", "-"], input: Data(x[0..<0].npyBytes))
    #expect(try Tensor<Float>(npyBytes: [UInt8](none.output)).shape == [0, 10])
  }

  @Test func `several inputs and outputs are several files`() throws {
    let (a, b) = (Input<Float>(2), Input<Float>(2))
    let sum = Add()(a, b)
    var functional = try Functional(inputs: [a, b], outputs: [sum, Dense(3)(sum)])
    var generator = PhiloxGenerator(seed: 3)
    try functional.build(using: &generator)
    let path = temporaryFile("two.keras")
    try functional.write(to: path)
    let inputs = [temporaryFile("a.npy"), temporaryFile("b.npy")]
    let outputs = [temporaryFile("c.npy"), temporaryFile("d.npy")]
    try Tensor<Float>([[1, 2], [3, 4], [5, 6]]).write(to: inputs[0])
    try Tensor<Float>.ones([3, 2]).write(to: inputs[1])
    try predict([path] + inputs + ["-o", outputs[0], "-o", outputs[1], "--batch-size", "2"])
    #expect(try Tensor<Float>(contentsOf: outputs[0]) == [[2, 3], [4, 5], [6, 7]])
    #expect(try Tensor<Float>(contentsOf: outputs[1]).shape == [3, 3])
    #expect(
      try mistake([path, inputs[0], "-o", outputs[0]]).contains(
        "each of the model's inputs input_layer, input_layer_1, found 1"))
    #expect(
      try mistake([path] + inputs + ["-o", outputs[0]]).contains(
        "the outputs add, dense, and --output is given 1 times"))
    let archive = temporaryFile("ab.npz")
    for names in [["input_layer_1", "input_layer"], ["b", "a"]] {
      let (ones, x) = (Tensor<Float>.ones([1, 2]), Tensor<Float>([[5, 6]]))
      try NPZFile.write([NamedTensor(names[0], ones), NamedTensor(names[1], x)], to: archive)
      try predict([path, archive, "-o", outputs[0], "-o", outputs[1]])
      #expect(try Tensor<Float>(contentsOf: outputs[0]) == [[6, 7]])
    }
    #expect(try mistake([model, archive, "-o", outputs[0]]).hasSuffix("found b, a\n"))
    let info = try runTool(["info", path]).text
    #expect(info.contains("inputs   input_layer (None, 2), input_layer_1 (None, 2)"))
    #expect(info.contains("outputs  add (None, 2), dense (None, 3)"))
    try Tensor<Float>.ones([2, 2]).write(to: inputs[1])
    let error = try mistake([path] + inputs + ["-o", outputs[0], "-o", outputs[1]])
    #expect(error == "Error: \(inputs[1]): expected 3 samples, as \(inputs[0]) has, found the shape [2, 2]\n")
  }

  @Test func `samples of another shape are refused, and the old file stays`() throws {
    try Data("before".utf8).write(to: URL(filePath: output))
    let path = temporaryFile("x.npy")
    for shape in [[3, 63], [3], []] {
      try Tensor<Float>.ones(shape).write(to: path)
      let error = try mistake([model, path, "-o", output])
      #expect(error.hasPrefix("Error: \(path): expected "), "\(error)")
    }
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "before")
  }

  @Test func `what was done is told, as JSON too`() throws {
    struct Summary: Decodable {
      struct Output: Decodable {
        let file: String
        let shape: [Int]
      }
      let samples: Int
      let samplesPerSecond: Double
      let outputs: [Output]
    }
    let run = try runTool(["predict", model, images, "-o", output])
    #expect(run.text.hasPrefix("predicted  \(output) [450, 10]\nspeed      "))
    let json = try runTool(["predict", model, images, "-o", output, "--json"])
    let summary = try snakeCaseDecoder.decode(Summary.self, from: json.output)
    #expect(summary.samples == 450 && summary.outputs[0].shape == [450, 10] && summary.samplesPerSecond > 0)
  }

  @Test func `progress tells the share, the time left and the rate`() {
    let line = Progress.line(done: 250, skipped: 0, total: 1000, seconds: 2, unit: "samples", title: "")
    #expect(line == " 25.0 %, 6 s left, 125 samples per second")
    let check = Progress.line(done: 10, skipped: 80, total: 100, seconds: 60, unit: nil, title: "relu")
    #expect(check == " 90.0 %, 1 min left: relu")
    #expect(grouped(1_234_567) == "1,234,567" && grouped(-123) == "-123" && grouped(1000) == "1,000")
  }

  @Test func `samples without elements are refused, however many a file says there are`() throws {
    let json = """
      {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, null, 1], "name": "x"}},
        {"class_name": "Dense", "config": {"units": 3, "name": "dense"}}]}}
      """
    var dense: Model<Float> = try readModel(configuration: Configuration(json: json))
    var generator = PhiloxGenerator(seed: 1)
    try dense.build(using: &generator)
    let (path, x) = (temporaryFile("dense.keras"), temporaryFile("x.npy"))
    try dense.write(to: path)
    let empty = Tensor<Float>(shape: [1 << 40, 0, 1], scalars: [])
    for count in [1, 1 << 40] {
      try empty[0..<count].write(to: x)
      let text = "Error: \(x): expected samples that have elements, found the shape [\(count), 0, 1]\n"
      #expect(try mistake([path, x, "-o", output]) == text)
      try empty[0..<count].cast(to: Double.self).write(to: x)
      #expect(try mistake([path, x, "-o", output]) == text)
    }
    let train = try runTool(["train", path, x, x, "--loss", "mse"])
    #expect(train.status == 1 && train.errors.contains("[0, 1]; allowed: shapes without 0"), "\(train.errors)")
    try empty[0..<0].write(to: x)
    try predict([path, x, "-o", output])
    #expect(try Tensor<Float>(contentsOf: output).shape == [0, 0, 3])
    // In memory they are no work.
    #expect(try dense.predict(empty).shape == [1 << 40, 0, 3])
  }
}
