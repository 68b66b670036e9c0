import Layers

/// FirstNetwork FOLDER: trains a network on the handwritten digits of a folder.
@main struct FirstNetwork {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "../digits"
    let images = try Tensor<Float>(contentsOf: folder + "/x_train.npy")  // [1347, 64]
    let labels = try Tensor<Int64>(contentsOf: folder + "/y_train.npy")
    let testImages = try Tensor<Float>(contentsOf: folder + "/x_test.npy")
    let testLabels = try Tensor<Int64>(contentsOf: folder + "/y_test.npy")

    var network = Sequential<Float> {
      Dense(128, activation: .selu, kernelInitializer: .lecunNormal)
      AlphaDropout(0.05)
      Dense(10, activation: .softmax)
    }
    network.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    var generator = PhiloxGenerator(seed: 1)
    try network.fit(images, labels, epochs: 20, validationSplit: 0.1, using: &generator)

    print(try network.evaluate(testImages, testLabels))
    print("digits", try network.predict(testImages[0..<10]).argMax(axis: -1), "are", testLabels[0..<10])
  }
}
