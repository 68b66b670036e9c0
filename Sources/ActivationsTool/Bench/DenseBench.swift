import Activations
import Layers
import Tensor

/// Dense classifiers with two hidden layers of relu: inference, and a training step of plain gradient descent.
struct DenseBench {
  /// Inputs, width of the hidden layers, classes, samples in a batch.
  struct Case {
    let inputs, width, classes, batch: Int

    var shape: [Int] { [inputs, width, classes, batch] }
  }

  static let cases = [
    Case(inputs: 64, width: 128, classes: 10, batch: 1), Case(inputs: 64, width: 128, classes: 10, batch: 450),
    Case(inputs: 784, width: 512, classes: 10, batch: 1), Case(inputs: 784, width: 512, classes: 10, batch: 32),
    Case(inputs: 784, width: 512, classes: 10, batch: 128), Case(inputs: 784, width: 512, classes: 10, batch: 1024),
    Case(inputs: 784, width: 2048, classes: 1000, batch: 256),
  ]

  let report: BenchReport

  func run(using generator: inout PhiloxGenerator) throws {
    for item in Self.cases { try time(item, using: &generator) }
  }

  private func time(_ item: Case, using generator: inout PhiloxGenerator) throws {
    let initializer = Initializer<Float>.randomNormal(standardDeviation: 0.05)
    var model = Sequential<Float> {
      Input(item.inputs)
      Dense(item.width, activation: .relu, kernelInitializer: initializer)
      Dense(item.width, activation: .relu, kernelInitializer: initializer)
      Dense(item.classes, activation: .softmax, kernelInitializer: initializer)
    }
    try model.build(using: &generator)
    let x = Tensor<Float>.normal([item.batch, item.inputs], using: &generator)
    let y = Tensor<Int64>.integers([item.batch], in: 0..<Int64(item.classes), using: &generator)
    try report.time("infer", item.shape) { try model(x) }
    model.compile(optimizer: .sgd(learningRate: 0.01), loss: .sparseCategoricalCrossentropy)
    try report.time("train_sgd", item.shape) { try model.trainOnBatch(x, y, using: &generator) }
  }
}
