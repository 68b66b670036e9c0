import Foundation
import KerasFormat
import Testing

@testable import Layers
@testable import Tensor

/// A network that Keras has trained for two steps by each of two optimizers: see make_networks.py.
private struct KerasNetwork: Decodable, Sendable, CustomTestStringConvertible {
  struct Optimized: Decodable {
    let name: String
    let losses: [Double]
  }
  let name: String
  let loss: String
  let targets: [Int]
  let weights: [[Int]]
  let model: Configuration
  let optimizers: [Optimized]

  var testDescription: String { name }
  static let images = [3, 16, 16, 3]

  static let all: [KerasNetwork] = try! jsonFixture("networks")

  /// The tensors of every network: its weights before, the images, the targets, and the weights after each step.
  static let tensors: [String: [Tensor<Double>]] = {
    let url = Bundle.module.url(forResource: "networks", withExtension: "npy", subdirectory: "Fixtures")!
    let numbers = try! Tensor<Double>(contentsOf: url.path).scalars
    var place = 0
    var tensors: [String: [Tensor<Double>]] = [:]
    for network in all {
      let after = network.optimizers.flatMap { $0.losses.flatMap { _ in network.weights } }
      tensors[network.name] = (network.weights + [images, network.targets] + after).map { shape in
        let count = shape.reduce(1, *)
        defer { place += count }
        return Tensor(shape: shape, scalars: Array(numbers[place..<place + count]))
      }
    }
    precondition(place == numbers.count)
    return tensors
  }()
}

/// Training steps of small networks of images.
@Suite struct NetworkTrainingTests {
  private func optimizer<Scalar: RealScalar>(_ name: String) -> Optimizer<Scalar> {
    name == "sgd" ? .sgd(learningRate: 0.05, momentum: 0.9) : .adam(learningRate: 0.01)
  }

  /// Differences of weights from Keras's.
  private struct Errors {
    /// In parts of the weight's largest change.
    var ofChange = 0.0
    /// In parts of the weight's largest element.
    var ofWeight = 0.0
  }

  /// The largest differences after any step of any optimizer.
  private func errors<Scalar: RealScalar>(
    of keras: KerasNetwork, _: Scalar.Type, losses bound: Double
  ) throws -> Errors {
    var tensors = KerasNetwork.tensors[keras.name]![...]
    let before = keras.weights.map { _ in tensors.removeFirst() }
    let (images, targets) = (tensors.removeFirst().cast(to: Scalar.self), tensors.removeFirst().cast(to: Scalar.self))
    var errors = Errors()
    for optimized in keras.optimizers {
      var model = try Model<Scalar>(configuration: keras.model)
      var generator = PhiloxGenerator(seed: 1)
      try model.build(using: &generator)
      var rest = before[...]
      model.forEachWeight { $0.value = rest.removeFirst().cast(to: Scalar.self) }
      model.compile(optimizer: optimizer(optimized.name), loss: try Loss(named: keras.loss))
      for expected in optimized.losses {
        let loss = try model.trainOnBatch(images, targets, using: &generator)
        #expect(abs(loss - expected) <= bound * expected, "\(optimized.name): loss \(loss), Keras \(expected)")
        for (index, weight) in model.weights.enumerated() {
          let after = tensors.removeFirst()
          let change = (after - before[index]).absolute().max().scalar
          let error = (weight.value.cast(to: Double.self) - after).absolute().max().scalar
          errors.ofChange = max(errors.ofChange, change > 0 ? error / change : 0)
          errors.ofWeight = max(errors.ofWeight, error / after.absolute().max().scalar)
        }
      }
    }
    return errors
  }

  @Test(arguments: KerasNetwork.all)
  fileprivate func `steps of training give Keras's weights`(_ keras: KerasNetwork) throws {
    let errors = try errors(of: keras, Double.self, losses: 1e-12)
    #expect(errors.ofChange <= 1e-9)
  }

  @Test(arguments: KerasNetwork.all)
  fileprivate func `steps of training in Float give Keras's weights`(_ keras: KerasNetwork) throws {
    let errors = try errors(of: keras, Float.self, losses: 1e-5)
    #expect(errors.ofWeight <= 1e-5)
  }
}
