import TestSupport
import Testing

@testable import KerasFormat
@testable import Layers
@testable import Tensor

/// Attention as Keras computed it: see make_attention.py.
private struct AttentionCase: Decodable, Sendable, CustomTestStringConvertible {
  let name, configuration: String
  let masked: [Bool]
  let isCausal, takesMask, returnsScores: Bool
  let inputs, upstream, outputs, gradients, weights, weightGradients: [TensorFixture]
  let paths: [String]

  var testDescription: String { name }
  static let all: [AttentionCase] = try! jsonFixture("attention")

  /// The layer with the options of Keras's call.
  func layer<Scalar: RealScalar>() throws -> any Layer<Scalar> {
    let stage = try ReadingContext<Scalar>(.keras3, LayerRegistry())
      .stage(Configuration(json: configuration), at: "layers[0]")
    var layer = try #require(stage.layer as? any CallConfigurable<Scalar>)
    var options: [String: Configuration] = [:]
    if isCausal { options["use_causal_mask"] = true }
    if returnsScores { options["return_attention_scores"] = true }
    let names = type(of: layer).inputNames
    let count = max(masked.count, 2)
    var inputs = names.count == 1 ? names : Array(names.prefix(count))
    if takesMask { inputs.append("attention_mask") }
    try layer.setCall(LayerCall(inputs: inputs, options: options))
    return layer
  }

  /// In Float, 1e9 less than a score is no score: a query whose keys are all masked gets the mean of the values.
  var isExactInFloat: Bool { !masked.contains(true) || !returnsScores || configuration.contains("kernel_initializer") }
}

/// A layer whose inputs come from `Masking`, or from the same tensor.
private struct BehindMasking<Scalar: RealScalar>: Layer {
  let masked: [Bool]
  var layer: any Layer<Scalar>

  private func expanded<Element>(_ inputs: [Element]) -> [Element] {
    masked.count == 1 ? [inputs[0], inputs[0]] + inputs.dropFirst() : inputs
  }

  var outputCount: Int { layer.outputCount }
  func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] { try layer.outputShapes(for: expanded(inputShapes)) }
  mutating func build(inputShapes: [[Int]], using generator: inout PhiloxGenerator) throws {
    try layer.build(inputShapes: expanded(inputShapes), using: &generator)
  }
  mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows { try layer.forEachWeight(body) }
  var isBuilt: Bool { layer.isBuilt }

  func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    let behind = try inputs.enumerated().map { index, x in
      index < masked.count && masked[index] ? try Masking()(x) : x
    }
    return try layer(expanded(behind))
  }
}

@Suite struct KerasAttentionTests {
  private func check<Scalar: RealScalar>(_ keras: AttentionCase, _: Scalar.Type, _ tolerance: Double) throws {
    var layer = BehindMasking<Scalar>(masked: keras.masked, layer: try keras.layer())
    let inputs = keras.inputs.map { $0.tensor.cast(to: Scalar.self) }
    var generator = PhiloxGenerator(seed: 1)
    try layer.build(inputShapes: inputs.map { Array($0.shape.dropFirst()) }, using: &generator)
    #expect(layer.weights.map(\.path) == keras.paths)
    #expect(layer.weights.map(\.value.shape) == keras.weights.map(\.shape))
    var values = keras.weights[...]
    layer.forEachWeight { $0.value = values.removeFirst().tensor.cast(to: Scalar.self) }
    let upstream = keras.upstream.map { $0.tensor.cast(to: Scalar.self) }
    let result = try run(layer, inputs, training: true) { _ in upstream }
    func compare(_ found: Tensor<Scalar>, _ expected: TensorFixture, _ what: String) {
      let expected = expected.tensor
      let size = max(1, expected.absolute().max().scalar)
      let difference =
        found.shape == expected.shape ? (found.cast(to: Double.self) - expected).absolute().max().scalar : .infinity
      #expect(difference <= tolerance * size, "\(keras.name): \(what)")
    }
    for (output, expected) in zip(result.outputs, keras.outputs) { compare(output, expected, "an output") }
    for (index, expected) in keras.gradients.enumerated() where index < keras.masked.count {
      compare(result.inputs[index], expected, "the gradient of input \(index)")
    }
    for (path, expected) in zip(keras.paths, keras.weightGradients) {
      compare(try #require(result.weights[path]), expected, path)
    }
    // In use, projections of one tensor are one product.
    let used = try layer.computed(inputs, training: false, using: &generator)
    for (output, expected) in zip(used, keras.outputs) { compare(output, expected, "an output in use") }
  }

  @Test(arguments: AttentionCase.all)
  fileprivate func `outputs, scores and gradients are Keras's`(_ keras: AttentionCase) throws {
    try check(keras, Double.self, 1e-11)
    if keras.isExactInFloat { try check(keras, Float.self, 1e-5) }
  }
}
