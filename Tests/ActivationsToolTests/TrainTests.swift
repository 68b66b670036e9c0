import Foundation
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct TrainTests {
  private let network = digitsFolder + "/network.json"
  private let training = [digitsFolder + "/x_train.npy", digitsFolder + "/y_train.npy"]
  private let test = [digitsFolder + "/x_test.npy", digitsFolder + "/y_test.npy"]
  private let output = temporaryFile("trained.keras")

  private func train(_ options: String...) throws {
    try Train.parse([network] + training + ["--epochs", "1"] + options).run()
  }

  @Test func `digits trained from scratch: the median of five seeds is 97.5 % and more`() throws {
    let data = try TrainingData<Float>(x: training[0], y: training[1], inputs: ["input"])
    let judge = try TrainingData<Float>(x: test[0], y: test[1], inputs: ["input"])
    let labels = try #require(data.target as? Tensor<Int64>)
    let accuracies = try (1...5).map { seed in
      var model = try openModel(network, compile: true) as Model<Float>
      var generator = PhiloxGenerator(seed: UInt64(seed))
      try model.fit(data.inputs[0], labels, epochs: 25, progress: .none, using: &generator)
      return try model.evaluate(judge.inputs, #require(judge.target as? Tensor<Int64>))["accuracy"]!
    }
    #expect(accuracies.sorted()[2] >= 0.975, "\(accuracies)")
  }

  @Test func `a trained model is written, classifies, and training goes on with it`() throws {
    try train("--output", output)
    let digits = try Digits(folder: digitsFolder, model: output)
    let network = try digits.network()
    #expect(try network(digits.images).shape == [450, 10])
    let run = try runTool(["classify", digitsFolder, "--model", output])
    #expect(run.status == 0 && run.text.hasPrefix("accuracy ") && !run.text.contains("Keras's probabilities"))
    let first = try readModel(from: output, as: Float.self)
    #expect(first.compilation != nil)
    try Train.parse([output] + training + ["--epochs", "1", "-o", output]).run()
    let second = try readModel(from: output, as: Float.self)
    #expect(first.namedWeights[0].value != second.namedWeights[0].value)
  }

  @Test(arguments: ["w.weights.h5", "w.npz", "w.safetensors", "folder"])
  func `weights are written in every form`(name: String) throws {
    let path = temporaryFile(name)
    try train("-o", path)
    var model = try openModel(network, compile: false) as Model<Float>
    var generator = PhiloxGenerator(seed: 5)
    try model.build(using: &generator)
    let before = model.namedWeights[0].value
    if name == "folder" { try model.readWeights(fromFolder: path) } else { try model.readWeights(from: path) }
    #expect(model.namedWeights[0].value != before)
  }

  @Test func `the same seed gives the same weights`() throws {
    let others = [temporaryFile("a.npz"), temporaryFile("b.npz"), temporaryFile("c.npz")]
    for (path, seed) in zip(others, ["7", "7", "8"]) { try train("--seed", seed, "-o", path) }
    let files = others.map { FileManager.default.contents(atPath: $0) }
    #expect(files[0] == files[1] && files[0] != files[2])
  }

  @Test func `options come before what the model says`() throws {
    let options = try TrainingArguments.parse([
      "--optimizer", "sgd", "--learning-rate", "0.5", "--loss", #"{"class_name": "Huber", "config": {"delta": 2}}"#,
      "--metrics", "mae", "mse",
    ])
    let model = try openModel(network, compile: true) as Model<Float>
    let compilation = try options.compilation(model, network)
    #expect(compilation.optimizer.learningRate == 0.5)
    #expect(compilation.optimizer.optimizer.name == "SGD")
    #expect(compilation.loss == .huber(delta: 2))
    #expect(compilation.metrics.map(\.name) == ["mae", "mse"])
    let kept = try TrainingArguments.parse(["--learning-rate", "0.25"]).compilation(model, network)
    #expect(kept.optimizer.learningRate == 0.25 && kept.optimizer.optimizer.name == "Adam")
    #expect(kept.loss == model.compilation!.loss)
    var silent = model
    silent.compilation = nil
    let error = #expect(throws: (any Error).self) { try TrainingArguments.parse([]).compilation(silent, "a.json") }
    #expect("\(error!)".hasPrefix("a.json does not say how the model is trained: give --loss"))
    let unknown = try TrainingArguments.parse(["--optimizer", "adem"])
    let named = #expect(throws: (any Error).self) { try unknown.compilation(model, network) }
    #expect("\(named!)".contains("Adam"))
  }

  @Test func `what programs read is JSON, with validation, early stopping and a table`() throws {
    struct Report: Decodable {
      let epochs: [[String: Double]]
      let output: String?
      let stopReason: String?
    }
    let log = temporaryFile("log.csv")
    let checkpoint = temporaryFile("best.keras")
    let run = try runTool(
      ["train", network] + training + ["--validation-data"] + test + [
        "--epochs", "50", "--learning-rate", "0.1", "--patience", "1", "--json", "--log", log, "--checkpoint",
        checkpoint,
      ])
    #expect(run.status == 0 && run.errors.isEmpty)
    let report = try snakeCaseDecoder.decode(Report.self, from: run.output)
    #expect(report.epochs.count < 50 && report.stopReason != nil && report.output == nil)
    #expect(Set(report.epochs[0].keys) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"])
    #expect(try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count == report.epochs.count + 1)
    #expect(try readModel(from: checkpoint, as: Float.self).isBuilt)
  }

  @Test func `training that ends in infinity is an error, and writes nothing`() throws {
    let command = try Train.parse(
      [network] + training + ["--epochs", "2", "--learning-rate", "1e30", "--output", output])
    #expect(throws: (any Error).self) { try command.run() }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test(arguments: [
    (["--epochs", "-1"], "--epochs is -1; allowed: integers of at least 0"),
    (["--batch-size", "0"], "--batch-size is 0; allowed: integers of at least 1"),
    (["--learning-rate", "-1"], "--learning-rate is -1.0; allowed: finite numbers of at least 0"),
    (["--validation-split", "1"], "--validation-split is 1.0; allowed: numbers of at least 0 and below 1"),
    (["--validation-data", "x"], "--validation-data takes two files, x and y, and is given 1"),
    (
      ["--dtype", "int8"],
      "The value 'int8' is invalid for '--dtype <dtype>'. Please provide one of 'float32' and 'float64'."
    ),
  ])
  func `options outside their ranges are refused`(_ options: [String], _ text: String) {
    let error = #expect(throws: (any Error).self) { try Train.parse([network] + training + options) }
    #expect(Train.message(for: error!) == text)
  }

  @Test(arguments: [
    ("/dev/null/weights", "expected a folder for .npy files, found none that can be created"),
    ("/no/such/folder/a.keras", "expected a file in a folder that exists, found none"),
    ("model.h5", "found the extension .h5"),
  ])
  func `an output that cannot be written is named before training`(path: String, text: String) throws {
    let command = try Train.parse([network] + training + ["--epochs", "1000000", "--output", path])
    let error = #expect(throws: FileError.self) { try command.run() }
    #expect("\(error!)".hasPrefix("\(path): ") && "\(error!)".contains(text), "\(error!)")
  }

  @Test func `samples that do not fit are named`() throws {
    let x = temporaryFile("x.npy")
    try Tensor<Float>.ones([3, 63]).write(to: x)
    #expect(throws: (any Error).self) { try Train.parse([network, x, training[1]]).run() }
    try Tensor<Float>([[.nan]]).write(to: x)
    let error = #expect(throws: FileError.self) { try Train.parse([network, x, training[1]]).run() }
    #expect("\(error!)" == "\(x): expected finite numbers, found nan at position 0 of the shape [1, 1]")
  }

  @Test(.timeLimit(.minutes(3))) func `an interrupt ends training after the batch and keeps the model`() throws {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appending(path: "activations")
    process.arguments = ["train", network] + training + ["--epochs", "20000", "-o", output]
    let lines = Pipe()
    process.standardOutput = lines
    try process.run()
    _ = lines.fileHandleForReading.availableData
    process.interrupt()
    _ = try lines.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try readModel(from: output, as: Float.self).isBuilt)
  }
}
