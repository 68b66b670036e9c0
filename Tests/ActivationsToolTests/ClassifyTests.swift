import Foundation
import Layers
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct ClassifyTests {
  @Test func `the network classifies 443 of 450 digits as Keras does`() throws {
    let digits = try Digits(folder: digitsFolder)
    let network = try digits.network()
    let probabilities = try network(digits.images)
    let correct = zip(probabilities.argMax(axis: 1).scalars, digits.labels!.scalars).count { $0 == $1 }
    #expect(correct == 443)
    #expect((probabilities - digits.reference!).absolute().max().scalar <= 1e-6)
  }

  @Test func `accuracy, confusion and digits are printed`() throws {
    let run = try runTool(["classify", digitsFolder])
    #expect(run.status == 0 && run.errors.isEmpty)
    let lines = run.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "accuracy 98.44 % (443 of 450)")
    #expect(lines[1].hasPrefix("largest difference from Keras's probabilities "))
    #expect(lines[3] == "label    predicted")
    #expect(lines.contains { $0.contains("wrong: a ") })
    #expect(lines.contains { $0.hasPrefix("speed      ") })
    let undrawn = try runTool(["classify", digitsFolder, "--draw", "0"])
    #expect(!undrawn.text.contains("█"))
  }

  @Test func `images of another shape are refused with file and shape`() throws {
    let path = temporaryFile("images.npy")
    try Tensor<Float>.zeros([3, 63]).write(to: path)
    let error = #expect(throws: FileError.self) { try Digits(folder: digitsFolder, images: path) }
    #expect("\(error!)" == "\(path): expected images of the shape [n, 64], found the shape [3, 63]")
  }

  @Test func `images of any finite numbers are drawn, others refused`() throws {
    let path = temporaryFile("images.npy")
    var images = Tensor<Float>.zeros([2, 64])
    images[0] = Tensor(.greatestFiniteMagnitude)
    images[1] = Tensor(-.greatestFiniteMagnitude)
    try images.write(to: path)
    let digits = try Digits(folder: digitsFolder, images: path)
    DigitsReport(digits: digits, probabilities: .zeros([2, 10]), predictions: [0, 0]).printDrawings(2)
    for value in [Float.nan, .infinity] {
      images[at: 1, 63] = value
      try images.write(to: path)
      let error = #expect(throws: FileError.self) { try Digits(folder: digitsFolder, images: path) }
      #expect("\(error!)" == "\(path): expected finite numbers, found \(value) at position 127 of the shape [2, 64]")
    }
  }

  @Test func `images that overflow the network are refused`() throws {
    let path = temporaryFile("images.npy")
    try Tensor<Float>(repeating: 3e38, shape: [2, 64]).write(to: path)
    let command = try Classify.parse([digitsFolder, "--images", path])
    let error = #expect(throws: FileError.self) { try command.run() }
    #expect("\(error!)" == "\(path): expected images in the range of the network's numbers, found values up to 3e+38")
  }

  @Test func `weights that are not finite are refused with their place, in one line`() throws {
    let path = temporaryFile("weights\n") + ".keras"
    var network = Sequential<Float> {
      Input(64)
      Dense(10).named("classes")
    }
    var generator = PhiloxGenerator(seed: 1)
    try network.build(using: &generator)
    network.forEachWeight { if $0.value.rank == 1 { $0.value[at: 5] = .nan } }
    try network.write(to: path)
    let digits = try Digits(folder: digitsFolder, model: path)
    let error = #expect(throws: FileError.self) { try digits.network() }
    let place = "\(path.replacing("\n", with: "\\n")), classes.bias"
    #expect("\(error!)" == "\(place): expected finite numbers, found nan at position 5 of the shape [10]")
  }

  @Test func `a network for something else is refused with its shapes`() throws {
    let path = temporaryFile("other.keras")
    var network = Sequential<Float> {
      Input(63)
      Dense(10)
    }
    var generator = PhiloxGenerator(seed: 1)
    try network.build(using: &generator)
    try network.write(to: path)
    let digits = try Digits(folder: digitsFolder, model: path)
    let error = #expect(throws: FileError.self) { try digits.network() }
    #expect("\(error!)".hasPrefix("\(path): expected a network from 64 pixels to 10 probabilities, found "))
  }
}
