import Activations
import ArgumentParser
import Foundation
import Layers
import Tensor

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains the network of the handwritten digits from scratch.",
    discussion: """
      Two hidden layers of 128 and 64 units with selu, LecunNormal weights and AlphaDropout, then softmax over the \
      classes. The folder holds x_train.npy [n, 64], y_train.npy [n] and the same of the test. An interrupt (Ctrl-C) ends \
      training after the batch and writes the weights, to the folder interrupted-weights where none is given. The same seed gives the same network.
      """)

  @Argument(help: "The folder of images and labels.")
  var folder = "Examples/digits"

  @Option(parsing: .unconditional, help: "How often all images are gone through.")
  var epochs = 40

  @Option(parsing: .unconditional, help: "Images per step.")
  var batchSize = 32

  @Option(parsing: .unconditional, help: "Adam's learning rate.")
  var learningRate = 0.001

  @Option(parsing: .unconditional, help: "The part of the hidden units that AlphaDropout leaves out.")
  var dropout = 0.05

  @Option(parsing: .unconditional, help: "Decides weights, batches and dropout.")
  var seed: UInt64 = 1

  @Option(help: "A folder for the weights, .npy files that classify reads.")
  var output: String?

  private static let folderOfInterrupted = "interrupted-weights"

  func validate() throws {
    func require(_ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ allowed: String) throws {
      guard holds else { throw ValidationError("--\(name) is \(value), allowed are \(allowed)") }
    }
    try require(epochs >= 0, "epochs", epochs, "integers from 0 on")
    try require(batchSize >= 1, "batch-size", batchSize, "integers from 1 on")
    try require(
      learningRate >= 0 && learningRate.isFinite, "learning-rate", learningRate, "finite numbers from 0 on")
    try require((0..<1).contains(dropout), "dropout", dropout, "numbers from 0 to below 1")
  }

  private func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(file: path, expected: "a folder for the weights", found: "none that can be made")
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw FileError(file: path, expected: "a folder for the weights", found: "one that cannot be written to")
    }
  }

  func run() throws {
    let training = try LabelledImages(folder: folder, part: "train")
    let test = try LabelledImages(folder: folder, part: "test")
    if let output { try makeFolder(output) }
    var network = Digits.untrainedNetwork(dropout: dropout)
    network.compile(
      optimizer: .adam(learningRate: .constant(learningRate)), loss: .sparseCategoricalCrossentropy,
      metrics: [.accuracy])
    var generator = PhiloxGenerator(seed: seed)
    Interrupt.await()
    let start = ContinuousClock.now
    let history = try network.fit(
      training.images, training.labels, batchSize: batchSize, epochs: epochs,
      callbacks: [
        TerminateOnNaN(),
        BatchEnd { run in if Interrupt.hasCome { run.stop("interrupted") } },
      ], using: &generator)
    guard history.logs.last?.loss.isFinite ?? true else {
      throw ValidationError(
        "training has ended: \(history.stopReason.map(String.init(describing:)) ?? "the loss is not finite"); "
          + "a smaller --learning-rate may help, and no weights are written")
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let output = output ?? (Interrupt.hasCome ? Self.folderOfInterrupted : nil)
    if let output { try network.writeWeights(toFolder: output) }
    let results = try network.evaluate(test.images, test.labels)
    let percent = ((results["accuracy"] ?? 0) * 10000).rounded() / 100
    print(
      "trained    \(history.epochs.count) epochs in \((seconds * 100).rounded() / 100) s: "
        + "\(percent) % of \(test.images.shape[0]) test images")
    if let output { print("weights    \(output)") }
    if Interrupt.hasCome { throw ExitCode(130) }
  }
}
