import Activations
import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers
@testable import Tensor

/// A recurrent layer as Keras computed it: see make_recurrence.py.
private struct RecurrenceCase: Decodable {
  let name, configuration: String
  let mask: [[Bool]]?
  /// A mask of the parts of steps.
  let words: [[[Bool]]]?
  let weights, inputs, outputs, upstream: [TensorFixture]
  let inputGradients, weightGradients: [TensorFixture]

  func layer<Scalar: RealScalar>() throws -> any Layer<Scalar> {
    var layer = try ReadingContext<Scalar>(.keras3, LayerRegistry())
      .stage(Configuration(json: configuration), at: "layers[0]").layer
    var generator = PhiloxGenerator(seed: 1)
    try layer.build(inputShapes: inputs.map { Array($0.shape.dropFirst()) }, using: &generator)
    var rest = weights[...]
    layer.forEachWeight { $0.value = rest.removeFirst().tensor.cast(to: Scalar.self) }
    guard let given = mask.map({ Tensor($0) }) ?? words.map({ Tensor.stacked($0.map { Tensor($0) }) }) else {
      return layer
    }
    return MaskedSequence(layer: layer, mask: given)
  }
}

/// A layer whose first input has this mask.
private struct MaskedSequence<Scalar: RealScalar>: Layer {
  var layer: any Layer<Scalar>
  let mask: Tensor<Bool>

  private struct Given: UndifferentiatedOperation {
    typealias ResultScalar = Bool
    let mask: Tensor<Bool>
    func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [Array(mask.shape.dropFirst())] }
    func forward(_ context: Context<Scalar>) { context.give(mask: mask) }
  }

  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try layer.forEachWeight(body) }
  func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] { try layer.outputShapes(for: inputShapes) }
  func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try layer([inputs[0].with(mask: inputs[0].applying(Given(mask: mask)))] + inputs.dropFirst())
  }
}

@Suite struct RecurrenceTests {
  private static let cases: [RecurrenceCase] = try! jsonFixture("recurrence")

  private func check<Scalar: RealScalar>(_ keras: RecurrenceCase, _: Scalar.Type, _ tolerance: Double) throws {
    func compare(_ found: [Tensor<Scalar>], _ expected: [TensorFixture], _ what: String) {
      #expect(found.count == expected.count, "\(keras.name): \(what)")
      for (index, (x, y)) in zip(found, expected).enumerated() {
        let distance = x.cast(to: Double.self).distance(from: y.tensor)
        #expect(distance <= tolerance, "\(keras.name): \(what) \(index)")
      }
    }
    let layer: any Layer<Scalar> = try keras.layer()
    let inputs = keras.inputs.map { $0.tensor.cast(to: Scalar.self) }
    let used = try run(layer, inputs, training: false)
    compare(used.outputs, keras.outputs, "output")
    let upstream = keras.upstream.map { $0.tensor.cast(to: Scalar.self) }
    let trained = try run(layer, inputs, training: true) { _ in upstream }
    compare(trained.outputs, keras.outputs, "output in training")
    compare(trained.inputs, keras.inputGradients, "gradient of input")
    let gradients = layer.weights.indices.map { trained.weights[trained.weights.places[$0]]! }
    compare(gradients, keras.weightGradients, "gradient of weight")
  }

  @Test func `outputs, states and gradients are Keras's`() throws {
    #expect(Self.cases.count > 60)
    for keras in Self.cases {
      try check(keras, Double.self, 1e-11)
      try check(keras, Float.self, 1e-5)
    }
  }
}

/// A network that Keras has trained for five steps: see make_sequence_networks.py.
private struct SequenceNetwork: Decodable {
  let name, loss: String
  let model: Configuration
  let inputs, before, after: [TensorFixture]
  let targets: TensorFixture
  let losses: [Double]
}

@Suite struct SequenceTrainingTests {
  private func check<Scalar: RealScalar>(_ keras: SequenceNetwork, _: Scalar.Type, _ tolerance: Double) throws {
    var model = try Model<Scalar>(configuration: keras.model)
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    var rest = keras.before[...]
    model.forEachWeight { $0.value = rest.removeFirst().tensor.cast(to: Scalar.self) }
    model.compile(optimizer: .adam(learningRate: 0.01), loss: try Loss(named: keras.loss))
    let inputs = keras.inputs.map { $0.tensor.cast(to: Scalar.self) }
    for expected in keras.losses {
      let loss = try model.trainOnBatch(inputs, [keras.targets.tensor.cast(to: Scalar.self)], using: &generator)
      #expect(abs(Double(loss) - expected) <= tolerance * expected, "\(keras.name): loss \(loss), Keras \(expected)")
    }
    for (weight, expected) in zip(model.weights, keras.after) {
      let distance = weight.value.cast(to: Double.self).distance(from: expected.tensor)
      #expect(distance <= tolerance, "\(keras.name): \(weight.path)")
    }
  }

  @Test func `five steps of training give Keras's weights`() throws {
    let networks: [SequenceNetwork] = try jsonFixture("sequence_networks")
    for network in networks {
      try check(network, Double.self, 1e-8)
      try check(network, Float.self, 1e-5)
    }
  }
}
