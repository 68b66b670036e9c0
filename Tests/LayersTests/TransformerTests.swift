import Foundation
import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// A transformer that Keras has trained for five steps: see make_transformers.py.
private struct KerasTransformer: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let model: Configuration
  let words, places: [[Int64]]
  let targets: [Int64]
  let before, after: [TensorFixture]
  let losses: [Double]

  var testDescription: String { name }
  static let all: [KerasTransformer] = try! jsonFixture("transformers")
}

@Suite struct TransformerTests {
  /// The largest difference of a weight from Keras's after training, in parts of the weight's largest element.
  private func error<Scalar: RealScalar>(
    of keras: KerasTransformer, _: Scalar.Type, losses bound: Double
  ) throws -> Double {
    var model = try Model<Scalar>(configuration: keras.model)
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    var values = keras.before[...]
    model.forEachWeight { $0.value = values.removeFirst().tensor.cast(to: Scalar.self) }
    model.compile(optimizer: .adam(learningRate: 0.01), loss: .sparseCategoricalCrossentropy)
    let inputs = [keras.words, keras.places].map { Tensor<Int64>($0).cast(to: Scalar.self) }
    let targets = Tensor(keras.targets)
    let perSample = keras.targets.count / keras.words.count
    let shaped = perSample == 1 ? targets : targets.reshaped([keras.words.count, perSample])
    for expected in keras.losses {
      let loss = try model.trainOnBatch(inputs, [shaped], using: &generator)
      #expect(abs(loss - expected) <= bound * expected, "loss \(loss), Keras \(expected)")
    }
    // The gradient by a bias of keys is 0 but for rounding, of which Adam makes steps.
    return zip(model.weights, keras.after).filter { !$0.0.path.hasSuffix("key/bias") }.reduce(0) { worst, pair in
      max(worst, pair.0.value.cast(to: Double.self).distance(from: pair.1.tensor))
    }
  }

  @Test(arguments: KerasTransformer.all)
  fileprivate func `five steps of training give Keras's weights`(_ keras: KerasTransformer) throws {
    #expect(try error(of: keras, Double.self, losses: 1e-11) <= 1e-9)
    #expect(try error(of: keras, Float.self, losses: 1e-5) <= 1e-5)
  }

  @Test(arguments: KerasTransformer.all)
  fileprivate func `a model of attention is written as it was read`(_ keras: KerasTransformer) throws {
    let model = try Model<Float>(configuration: keras.model)
    let again = try Model<Float>(configuration: model.configuration)
    #expect(try again.configuration == model.configuration)
    #expect(again.stages.map { $0.layer.description } == model.stages.map { $0.layer.description })
  }
}
