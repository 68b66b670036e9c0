import Activations
import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor

/// The names that samples use without declaring them. Every sample has its own.
struct Given {
  var generator = PhiloxGenerator(seed: 1)

  var x: Tensor<Float> = [[-1, 2, 0.5], [3, -4, 1]]
  var bias: Tensor<Float> = [1, -1, 0]
  var upstream: Tensor<Float> = [[1, 1, 1], [1, 1, 1]]
  var mask: Tensor<Bool> = [[true, false, true], [true, true, true]]
  var shortcut: Tensor<Float> = [[1, 0, 1], [0, 1, 0]]
  var f = Activation<Float>.gelu
  /// Square matrices.
  var a: Tensor<Float> = [[2, 1], [1, 3]]
  var b: Tensor<Float> = [[1, 0], [2, 1]]

  /// Handwritten digits: [1347, 64] and [1347], and 450 more.
  var images = try! Tensor<Float>(contentsOf: "Examples/digits/x_train.npy")
  var labels = try! Tensor<Int64>(contentsOf: "Examples/digits/y_train.npy")
  var testImages = try! Tensor<Float>(contentsOf: "Examples/digits/x_test.npy")
  var testLabels = try! Tensor<Int64>(contentsOf: "Examples/digits/y_test.npy")
  /// What a network made of `labels`: [1347, 10] and [1347].
  var probabilities: Tensor<Float>
  var digits: Tensor<Int64>
  var predictions: Tensor<Float>
  var targets: Tensor<Float>
  var loss = Loss<Float>.meanSquaredError
  var batches: [(Tensor<Float>, Tensor<Int64>)]

  /// A model of digits, compiled.
  var model: Sequential<Float>
  var network: Sequential<Float>

  /// Keras's description of the model.
  var configuration: Configuration

  /// What an optimizer changes.
  var optimizer = Optimizer<Float>.adam()
  var weights: [Tensor<Float>] = [[1, 2, 3]]
  var gradients: [Tensor<Float>] = [[0.1, 0.2, 0.3]]

  init() {
    predictions = try! labels.oneHot(classes: 10)
    targets = predictions
    probabilities = predictions
    digits = labels
    batches = [(testImages, testLabels)]
    model = Sequential<Float> {
      Input(64)
      Dense(10, activation: .softmax)
    }
    model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    network = model
    configuration = try! model.configuration
  }
}

extension Given {
  /// Writes the files that samples read.
  func writeFiles() throws {
    let kernel: Tensor<Float> = try KerasFile("Examples/digits/digits_snn.keras").tensor("layers/dense/vars/0")
    try NPZFile.write(["hidden1.kernel": kernel], to: "weights.npz")
    try SafetensorsFile.write(["hidden1.kernel": kernel], to: "weights.safetensors")
    try model.configuration.json.write(toFile: "model.json", atomically: true, encoding: .utf8)
  }
}
