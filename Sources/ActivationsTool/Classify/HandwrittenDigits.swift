import Foundation
import Layers
import ModelFiles
import Tensor

/// The handwritten digits and a network for them, read from files and checked.
struct Digits {
  static let classes = 10
  private static let pixels = 64

  let images: Tensor<Float>
  let labels: Tensor<Int64>?
  /// Keras's results with the network.
  let reference: Tensor<Float>?
  private let model: String

  /// Other images have neither labels nor reference results; another model has reference results if they lie beside it:
  /// `digits_cnn_probabilities.npy` beside `digits_cnn.keras`.
  init(folder: String, model other: String? = nil, images otherImages: String? = nil) throws {
    model = other ?? folder + "/digits_snn.keras"
    let path = otherImages ?? folder + "/x_test.npy"
    images = try finite(Tensor<Float>(contentsOf: path, converting: true), path)
    guard images.rank == 2, images.shape[1] == Self.pixels else {
      throw FileError(file: path, expected: "images of the shape [n, \(Self.pixels)]", found: images.shape)
    }
    let count = images.shape[0]
    labels = try otherImages == nil ? digitLabels(folder + "/y_test.npy", count: count) : nil
    let probabilities = other.map(Self.reference(beside:)) ?? folder + "/keras_probabilities.npy"
    guard otherImages == nil, other == nil || FileManager.default.fileExists(atPath: probabilities) else {
      reference = nil
      return
    }
    let reference = try finite(Tensor<Float>(contentsOf: probabilities), probabilities)
    guard reference.shape == [count, Self.classes] else {
      throw FileError(
        file: probabilities, expected: "probabilities of the shape [\(count), \(Self.classes)]", found: reference.shape)
    }
    self.reference = reference
  }

  private static func reference(beside model: String) -> String {
    (model.hasSuffix(".keras") ? String(model.dropLast(6)) : model) + "_probabilities.npy"
  }

  func network() throws -> Model<Float> {
    let network = try readModel(from: model, as: Float.self, compile: false)
    let shape = try? network.outputShape(for: [Self.pixels])
    guard shape == [Self.classes] else {
      throw FileError(
        file: model, expected: "a network from \(Self.pixels) pixels to \(Self.classes) probabilities",
        found: "one of \(network.inputShapes ?? []) to \(shape ?? [])")
    }
    for (name, value) in network.namedWeights { _ = try finite(value, "\(model), \(name)") }
    return network
  }
}

/// A file of `count` labels from 0 to 9.
func digitLabels(_ path: String, count: Int) throws -> Tensor<Int64> {
  let labels = try Tensor<Int64>(contentsOf: path)
  guard labels.shape == [count] else {
    throw FileError(file: path, expected: "labels of the shape [\(count)]", found: labels.shape)
  }
  guard labels.isEmpty || (labels.min().scalar >= 0 && labels.max().scalar < Int64(Digits.classes)) else {
    throw FileError(
      file: path, expected: "labels from 0 to \(Digits.classes - 1)",
      found: "\(labels.min().scalar) to \(labels.max().scalar)")
  }
  return labels
}
