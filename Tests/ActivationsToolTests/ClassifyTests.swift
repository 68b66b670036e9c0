import Foundation
import Tensor
import Testing

@testable import ActivationsTool

@Suite struct ClassifyTests {
  @Test func `the network classifies 443 of 450 digits as Keras does`() throws {
    let digits = try Digits(folder: digitsFolder, images: nil)
    let probabilities = try digits.network()(digits.images)
    let correct = Swift.zip(probabilities.argMax(axis: 1).scalars, digits.labels!.scalars).count { $0 == $1 }
    #expect(correct == 443)
    #expect((probabilities - digits.reference!).absolute().max().scalar <= 1e-6)
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
    Report(digits: digits, probabilities: .zeros([2, 10]), predictions: [0, 0]).printDrawings(2)
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
    #expect("\(error!)" == "\(path): expected images that the network's numbers can hold, found values up to 3e+38")
  }

  @Test func `weights that are not finite are refused with their place, in one line`() throws {
    let folder = temporaryFile("weights\n")
    try FileManager.default.copyItem(atPath: digitsFolder, toPath: folder)
    var kernel = try Tensor<Float>(contentsOf: folder + "/hidden2.kernel.npy")
    kernel[at: 1, 5] = .nan
    try kernel.write(to: folder + "/hidden2.kernel.npy")
    let digits = try Digits(folder: folder, images: nil)
    let error = #expect(throws: FileError.self) { try digits.network() }
    let place = "\(folder.dropLast())\\n/hidden2.kernel.npy"
    #expect("\(error!)" == "\(place): expected finite numbers, found nan at position 69 of the shape [128, 64]")
  }

  @Test func `weights of another shape are refused with file and shape`() throws {
    let folder = temporaryFile("weights")
    try FileManager.default.copyItem(atPath: digitsFolder, toPath: folder)
    try Tensor<Float>.zeros([128, 65]).write(to: folder + "/hidden2.kernel.npy")
    let digits = try Digits(folder: folder, images: nil)
    let error = #expect(throws: FileError.self) { try digits.network() }
    #expect("\(error!)" == "\(folder)/hidden2.bias.npy: expected a bias of the shape [65], found the shape [64]")
  }
}
