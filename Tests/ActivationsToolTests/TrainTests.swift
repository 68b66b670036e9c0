import Foundation
import Layers
import Tensor
import Testing

@testable import ActivationsTool

@Suite struct TrainTests {
  @Test func `digits trained from scratch: the median of five seeds is 97.5 % and more`() throws {
    let training = try LabelledImages(folder: digitsFolder, part: "train")
    let test = try LabelledImages(folder: digitsFolder, part: "test")
    let accuracies = try (1...5).map { seed in
      var network = Digits.untrainedNetwork(dropout: 0.05)
      network.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
      var generator = PhiloxGenerator(seed: UInt64(seed))
      try network.fit(training.images, training.labels, epochs: 25, progress: .none, using: &generator)
      return try network.evaluate(test.images, test.labels)["accuracy"]!
    }
    #expect(accuracies.sorted()[2] >= 0.975, "\(accuracies)")
  }

  @Test func `weights are written for classify`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Train.parse([digitsFolder, "--epochs", "1", "--output", folder]).run()
    for name in ["x_test.npy", "y_test.npy", "keras_probabilities.npy"] {
      try FileManager.default.copyItem(atPath: "\(digitsFolder)/\(name)", toPath: "\(folder)/\(name)")
    }
    let digits = try Digits(folder: folder, images: nil)
    #expect(try digits.network()(digits.images).shape == [450, 10])
  }

  @Test func `training that ends in infinity is an error, and writes nothing`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = try Train.parse([digitsFolder, "--epochs", "2", "--learning-rate", "1e30", "--output", folder])
    #expect(throws: (any Error).self) { try command.run() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test(arguments: [
    (["--epochs", "-1"], "--epochs is -1, allowed are integers from 0 on"),
    (["--batch-size", "0"], "--batch-size is 0, allowed are integers from 1 on"),
    (["--dropout", "1"], "--dropout is 1.0, allowed are numbers from 0 to below 1"),
  ])
  func `options outside their ranges are refused`(_ options: [String], _ text: String) {
    let error = #expect(throws: (any Error).self) { try Train.parse([digitsFolder] + options) }
    #expect(Train.message(for: error!) == text)
  }

  @Test func `a folder that cannot be made is named`() throws {
    let command = try Train.parse([digitsFolder, "--output", "/dev/null/weights"])
    let error = #expect(throws: FileError.self) { try command.run() }
    #expect("\(error!)" == "/dev/null/weights: expected a folder for the weights, found none that can be made")
  }
}
